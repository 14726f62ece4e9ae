import { describe, expect, it } from '@jest/globals';
import { AbiCoder, getAddress, id, zeroPadValue, ZeroHash } from 'ethers';
import fc from 'fast-check';
import type { BlockLog } from '../blocks/chain-block.js';
import { LogDecoder } from './decode-log.js';

const FACTORY = getAddress(`0x${'a1'.repeat(20)}`);
const MANAGER = getAddress(`0x${'b2'.repeat(20)}`);
const FORWARDER = getAddress(`0x${'f4'.repeat(20)}`);
const CHECKPOINT = getAddress(`0x${'17'.repeat(20)}`);
const TOKEN = `0x${'c3'.repeat(20)}`;
const USER = `0x${'e5'.repeat(20)}`;
const POOL = `0x${'ab'.repeat(32)}`;
const decoder = new LogDecoder({
  tokenFactory: FACTORY,
  liquidityManager: MANAGER,
  forwarder: FORWARDER,
  governance: null,
  checkpoint: CHECKPOINT,
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
  it('reads a swap, from which its log can be restored', () => {
    const swap = log(
      MANAGER,
      'Swap(address,bytes32,address,address,uint256,uint256)',
      [word(USER), POOL],
      ['address', 'address', 'uint256', 'uint256'],
      [TOKEN, MANAGER, 2n ** 127n, 1n],
    );
    expect(decoder.decode(swap, noToken)).toEqual({
      kind: 'fact',
      fact: {
        type: 'Swap',
        version: 1,
        data: {
          contract: MANAGER,
          user: getAddress(USER),
          poolId: POOL,
          tokenIn: getAddress(TOKEN),
          tokenOut: MANAGER,
          amountIn: (2n ** 127n).toString(),
          amountOut: '1',
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

  it('takes approvals of our tokens to the liquidity manager alone', () => {
    const approval = (spender: string): BlockLog =>
      log(TOKEN, 'Approval(address,address,uint256)', [word(USER), word(spender)], ['uint256'], [3n]);
    expect(decoder.decode(approval(MANAGER), everyToken)).toEqual({
      kind: 'fact',
      fact: {
        type: 'Approval',
        version: 1,
        data: { contract: getAddress(TOKEN), owner: getAddress(USER), spender: MANAGER, amount: '3' },
      },
    });
    expect(decoder.decode(approval(FORWARDER), everyToken)).toEqual({ kind: 'ignored' });
    expect(decoder.decode(approval(MANAGER), noToken)).toEqual({ kind: 'ignored' });
  });

  it('ignores events that our contracts do not have', () => {
    const strange = log(MANAGER, 'Strange(address)', [], ['address'], [USER]);
    expect(decoder.decode(strange, noToken)).toEqual({ kind: 'ignored' });
    expect(decoder.decode({ ...strange, topics: [] }, noToken)).toEqual({ kind: 'ignored' });
  });

  it('reads a token whose name is no UTF-8: it trades all the same', () => {
    const creation = (name: string): BlockLog =>
      log(
        FACTORY,
        'TokenCreated(address,address,string,string,uint256)',
        [word(TOKEN), word(USER)],
        ['bytes', 'string', 'uint256'],
        [name, 'SMP', 5n],
      );
    const broken = creation('0x61ff62');
    expect(decoder.decode(broken, noToken)).toMatchObject({
      fact: {
        type: 'TokenCreated',
        data: { name: 'a\ufffdb', symbol: 'SMP', log: { address: FACTORY, data: broken.data } },
      },
    });
  });

  it('cannot decode a log that is cut short, not hexadecimal, or counts beyond what is safe', () => {
    const [sync, roots] = [
      log(MANAGER, 'Sync(bytes32,uint256,uint256)', [POOL], ['uint256', 'uint256'], [1n, 2n]),
      log(
        CHECKPOINT,
        'TreeHeadAnchored(bytes32,uint256,uint64,bytes32,address)',
        [POOL, ZeroHash],
        [...['uint64', 'bytes32', 'address']],
        [1n, POOL, USER],
      ),
    ];
    const undecodable = (strange: BlockLog, reason: RegExp): void =>
      expect(decoder.decode(strange, noToken)).toMatchObject({
        kind: 'parked',
        fact: { data: { code: 'LOG_UNDECODABLE', reason: expect.stringMatching(reason) } },
      });
    for (const whole of [sync, roots]) {
      expect(decoder.decode(whole, noToken).kind).toBe('fact');
      undecodable({ ...whole, topics: whole.topics.slice(0, -1) }, /topics, expected/);
      undecodable({ ...whole, data: whole.data.slice(0, -2) }, /bytes of data, too few/);
      undecodable({ ...whole, data: '0x' }, /bytes of data, too few/);
      undecodable({ ...whole, data: `${whole.data}0` }, /hexadecimal/);
      undecodable({ ...whole, topics: whole.topics.with(1, `0x${'zz'.repeat(32)}`) }, /hexadecimal/);
      undecodable({ ...whole, topics: whole.topics.with(1, POOL.toUpperCase()) }, /hexadecimal/);
    }
    undecodable({ ...roots, topics: roots.topics.with(2, `0x${'ff'.repeat(32)}`) }, /too large/);
  });

  it('says of a log that it cannot be decoded, whatever its bytes are', () => {
    const sync = log(MANAGER, 'Sync(bytes32,uint256,uint256)', [POOL], ['uint256', 'uint256'], [1n, 2n]);
    const bytes = fc.uint8Array({ maxLength: 200 }).map((data) => `0x${Buffer.from(data).toString('hex')}`);
    fc.assert(
      fc.property(bytes, fc.nat(2), (data, topics) => {
        const { kind } = decoder.decode({ ...sync, data, topics: sync.topics.slice(0, topics) }, noToken);
        expect(['fact', 'ignored', 'parked']).toContain(kind);
      }),
    );
  });
});
