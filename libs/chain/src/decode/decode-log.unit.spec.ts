import { describe, expect, it } from '@jest/globals';
import { AbiCoder, getAddress, id, zeroPadValue } from 'ethers';
import fc from 'fast-check';
import type { BlockLog } from '../blocks/chain-block.js';
import { LogDecoder } from './decode-log.js';

const FACTORY = getAddress(`0x${'a1'.repeat(20)}`);
const MANAGER = getAddress(`0x${'b2'.repeat(20)}`);
const FORWARDER = getAddress(`0x${'f4'.repeat(20)}`);
const TOKEN = `0x${'c3'.repeat(20)}`;
const USER = `0x${'e5'.repeat(20)}`;
const POOL = `0x${'ab'.repeat(32)}`;
const decoder = new LogDecoder({
  tokenFactory: FACTORY,
  liquidityManager: MANAGER,
  forwarder: FORWARDER,
  checkpoint: null,
  governance: null,
});
const everyToken = (): boolean => true;
const noToken = (): boolean => false;
const word = (value: string): string => zeroPadValue(value, 32);

function log(
  address: string,
  signature: string,
  topics: readonly string[],
  types: string[],
  values: unknown[],
): BlockLog {
  const data = AbiCoder.defaultAbiCoder().encode(types, values);
  return {
    address: address.toLowerCase(),
    topics: [id(signature), ...topics],
    data,
    txHash: POOL,
    logIndex: 0,
  };
}

describe('decoding logs', () => {
  it('reads a swap with its log kept', () => {
    const swap = log(
      MANAGER,
      'Swap(address,bytes32,address,address,uint256,uint256)',
      [word(USER), POOL],
      ['address', 'address', 'uint256', 'uint256'],
      [TOKEN, MANAGER, 2n ** 255n, 1n],
    );
    expect(decoder.decode(swap, noToken)).toEqual({
      kind: 'fact',
      fact: {
        type: 'Swap',
        version: 1,
        data: {
          user: getAddress(USER),
          poolId: POOL,
          tokenIn: getAddress(TOKEN),
          tokenOut: MANAGER,
          amountIn: (2n ** 255n).toString(),
          amountOut: '1',
          log: { address: MANAGER, topics: swap.topics, data: swap.data },
        },
      },
    });
  });

  it('takes transfers of our tokens alone', () => {
    const transfer = log(
      TOKEN,
      'Transfer(address,address,uint256)',
      [word(USER), word(USER)],
      ['uint256'],
      [0n],
    );
    expect(decoder.decode(transfer, everyToken)).toMatchObject({ kind: 'fact', fact: { type: 'Transfer' } });
    expect(decoder.decode(transfer, noToken)).toEqual({ kind: 'ignored' });
  });

  it('ignores events of our contracts that nobody asks for', () => {
    const paused = log(MANAGER, 'Paused(address)', [], ['address'], [USER]);
    expect(decoder.decode(paused, noToken)).toEqual({ kind: 'ignored' });
    expect(decoder.decode({ ...paused, topics: [] }, noToken)).toEqual({ kind: 'ignored' });
  });

  it('says of a log that it cannot be decoded, whatever its bytes are', () => {
    const sync = log(MANAGER, 'Sync(bytes32,uint256,uint256)', [POOL], ['uint256', 'uint256'], [1n, 2n]);
    expect(decoder.decode({ ...sync, data: '0x12' }, noToken)).toMatchObject({ kind: 'undecodable' });
    const bytes = fc.uint8Array({ maxLength: 200 }).map((data) => `0x${Buffer.from(data).toString('hex')}`);
    fc.assert(
      fc.property(bytes, fc.nat(2), (data, topics) => {
        const { kind } = decoder.decode({ ...sync, data, topics: sync.topics.slice(0, topics) }, noToken);
        expect(['fact', 'ignored', 'undecodable']).toContain(kind);
      }),
    );
  });
});
