import { isError, type Block, type Provider } from 'ethers';
import { readCompiler } from '../compiled/artifact.js';
import { NetworkMismatchError } from './errors.js';
import type { GovernanceSettings } from './settings.js';

interface Opcodes {
  readonly names: string;
  /** Creation code that answers 42, as a word, where the network runs it. */
  readonly trial: string;
}

const ANSWER = `0x${'2a'.padStart(64, '0')}`;
/** MSTORE(0, 42), RETURN(0, 32): what every EVM runs. */
const PLAIN = '0x602a60005260206000f3';

/** EVM versions in their order, each with what the compiler uses of it for any contract. Those of blobs are used where they are asked for alone. */
const VERSIONS: readonly (readonly [version: string, opcodes: readonly Opcodes[]])[] = [
  ['paris', []],
  ['shanghai', [{ names: 'PUSH0', trial: '0x602a5f5260205ff3' }]],
  [
    'cancun',
    [
      { names: 'MCOPY', trial: '0x602a6000526020600060205e60206020f3' },
      { names: 'TSTORE and TLOAD', trial: '0x602a60005d60005c60005260206000f3' },
    ],
  ],
  ['prague', []],
  ['osaka', [{ names: 'CLZ', trial: '0x600160d51b1e60005260206000f3' }]],
];

/**
 * Runs on the network, without a transaction, what the compiled contracts take for granted of it.
 * @param target the compiler's EVM version
 * @throws NetworkMismatchError where the network does not run it, or the node runs no creation code for a call
 */
export async function requireOpcodes(
  provider: Pick<Provider, 'call'>,
  target = String(readCompiler().settings['evmVersion']),
): Promise<void> {
  const newest = VERSIONS.findIndex(([version]) => version === target);
  if (newest === -1) throw new TypeError(`no trials are known for EVM version ${target}`);
  if (!(await runs(provider, PLAIN)))
    throw new NetworkMismatchError(
      'the node runs no creation code in eth_call: what its network can do is not known',
    );
  for (const [version, opcodes] of VERSIONS.slice(0, newest + 1))
    for (const { names, trial } of opcodes) {
      if (await runs(provider, trial)) continue;
      throw new NetworkMismatchError(
        `the network does not run ${names} (EVM version ${version}), which the contracts are compiled to: nothing was deployed`,
      );
    }
}

/** What the connection fails of says nothing about the network. */
async function runs(provider: Pick<Provider, 'call'>, data: string): Promise<boolean> {
  try {
    return (await provider.call({ data })) === ANSWER;
  } catch (error) {
    for (const code of ['NETWORK_ERROR', 'SERVER_ERROR', 'TIMEOUT', 'CANCELLED'] as const)
      if (isError(error, code)) throw error;
    return false;
  }
}

/** Enough that one late block does not matter. */
const BLOCKS_LOOKED_AT = 100;
const CLOCKS_APART_SECONDS_MAX = 3_600;
const BLOCKS_OF_DELAY_MIN = 2;
const BLOCKS_OF_VOTING_MIN = 20;

/**
 * Governance goes by the time of blocks: that it is the world's, and that blocks come often enough for its delays to be ones.
 * @param now seconds since the epoch
 * @throws NetworkMismatchError
 */
export async function requireBlockTimes(
  provider: Pick<Provider, 'getBlock'>,
  { votingDelay, votingPeriod }: Pick<GovernanceSettings, 'votingDelay' | 'votingPeriod'>,
  now: number,
): Promise<void> {
  const head = await blockAt(provider, 'latest');
  const apart = Math.round(Math.abs(head.timestamp - now));
  if (apart > CLOCKS_APART_SECONDS_MAX)
    throw new NetworkMismatchError(
      `the newest block's time is ${apart} s from this machine's, and governance would go by it: is the node behind, or a clock wrong?`,
    );
  // Not from the first block on, whose time is anybody's; a chain of two has no pace yet.
  const blocks = Math.min(head.number - 1, BLOCKS_LOOKED_AT);
  if (blocks < 1) return;
  const earlier = await blockAt(provider, head.number - blocks);
  const seconds = (head.timestamp - earlier.timestamp) / blocks;
  const least = { votingDelay: seconds * BLOCKS_OF_DELAY_MIN, votingPeriod: seconds * BLOCKS_OF_VOTING_MIN };
  for (const [name, given] of Object.entries({ votingDelay, votingPeriod })) {
    const needed = least[name as keyof typeof least];
    if (given >= needed) continue;
    throw new NetworkMismatchError(
      `a block comes every ${seconds.toFixed(1)} s there, and ${name} is ${given} s: it has to be ${Math.ceil(needed)} s at least`,
    );
  }
}

async function blockAt(provider: Pick<Provider, 'getBlock'>, at: number | 'latest'): Promise<Block> {
  const block = await provider.getBlock(at);
  if (block === null) throw new NetworkMismatchError(`the node does not know its block ${at}`);
  return block;
}
