import { Interface } from 'ethers';
import { quantity } from '../blocks/answers.js';
import type { FollowedContracts } from '../blocks/chain-block.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { RpcResponseError } from '../rpc/errors.js';
import { Reading } from '../rpc/reading.js';
import { type ContractRole, DeploymentUnfitError } from './errors.js';

export interface Deployment {
  readonly contracts: FollowedContracts;
  /** The first block to follow. */
  readonly startBlock: number;
}

/** By what our contracts name each other. */
const NAMES = new Interface([
  'function liquidityManager() view returns (address)',
  'function tokenFactory() view returns (address)',
  'function trustedForwarder() view returns (address)',
]);
type Name = 'liquidityManager' | 'tokenFactory' | 'trustedForwarder';

interface Pair {
  readonly role: ContractRole;
  readonly address: string;
  readonly names: readonly (readonly [name: Name, address: string])[];
}

/**
 * A chain that was never followed must have our contracts at their addresses, naming each other, and none of them before the
 * first block to follow: else lists would stay empty, or begin in the middle, without a word.
 * @throws DeploymentUnfitError
 * @throws RpcUnavailableError and others that may pass, where no provider says
 */
export async function requireDeployment(rpc: ChainRpc, { contracts, startBlock }: Deployment): Promise<void> {
  for (const [role, address] of rolesOf(contracts)) {
    if ((await codeAt(rpc, address, 'latest')) === '0x') throw unfit(role, address, 'there is no contract');
  }
  for (const pair of pairsOf(contracts)) await requireNames(rpc, pair);
  if (startBlock > 0) await requireBefore(rpc, contracts, startBlock);
}

function rolesOf({ checkpoint, forwarder, governance, liquidityManager, tokenFactory }: FollowedContracts) {
  const told: readonly (readonly [ContractRole, string | null | undefined])[] = [
    ['tokenFactory', tokenFactory],
    ['liquidityManager', liquidityManager],
    ['forwarder', forwarder],
    ['checkpoint', checkpoint],
    ['governor', governance?.governor],
    ['timelock', governance?.timelock],
    ['token', governance?.token],
  ];
  return told.flatMap(([role, address]) => (address ? [[role, address] as const] : []));
}

function pairsOf({ forwarder, liquidityManager, tokenFactory }: FollowedContracts): readonly Pair[] {
  const trusted = forwarder === null ? [] : [['trustedForwarder', forwarder] as const];
  return [
    {
      role: 'tokenFactory',
      address: tokenFactory,
      names: [['liquidityManager', liquidityManager], ...trusted],
    },
    {
      role: 'liquidityManager',
      address: liquidityManager,
      names: [['tokenFactory', tokenFactory], ...trusted],
    },
  ];
}

async function requireNames(rpc: ChainRpc, { address, names, role }: Pair): Promise<void> {
  for (const [name, expected] of names) {
    const named = await nameOf(rpc, address, name);
    if (named === null) throw unfit(role, address, `there is another contract: it has no ${name}()`);
    if (named !== expected.toLowerCase())
      throw unfit(
        role,
        address,
        `its ${name}() is ${named}, not ${expected}: they are not of one deployment`,
      );
  }
}

/** The block before the first to follow may be too old for the provider to know its state: that is no answer, and no refusal. */
async function requireBefore(rpc: ChainRpc, contracts: FollowedContracts, startBlock: number): Promise<void> {
  for (const address of [contracts.tokenFactory, contracts.liquidityManager]) {
    const code = await codeAt(rpc, address, quantity(startBlock - 1)).catch((error: unknown) => {
      if (error instanceof RpcResponseError) return '0x';
      throw error;
    });
    if (code === '0x') continue;
    throw unfit(
      'startBlock',
      address,
      `was there before block ${startBlock}: what it did before would be missing`,
    );
  }
}

function codeAt(rpc: ChainRpc, address: string, block: string): Promise<string> {
  return rpc.ask(async (provider) => {
    const code = await provider.request('eth_getCode', address, block);
    return new Reading(provider.shownUrl, `the code at ${address}`).bytes({ code }, 'code');
  });
}

/** In lower case; null where the contract does not say. */
async function nameOf(rpc: ChainRpc, to: string, name: Name): Promise<string | null> {
  const data = NAMES.encodeFunctionData(name);
  try {
    const answer = await rpc.request('eth_call', { to, data }, 'latest');
    return String(NAMES.decodeFunctionResult(name, String(answer))[0]).toLowerCase();
  } catch (error) {
    if (isNoAnswer(error)) return null;
    throw error;
  }
}

/** A contract without the function reverts, or gives nothing that can be read. */
function isNoAnswer(error: unknown): boolean {
  if (error instanceof RpcResponseError) return error.rpcCode === 3 || /revert/i.test(error.message);
  return (error as { code?: unknown }).code === 'BAD_DATA';
}

function unfit(role: ContractRole, address: string, problem: string): DeploymentUnfitError {
  return new DeploymentUnfitError(role, `${address}: ${problem}`, { address });
}
