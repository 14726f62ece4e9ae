import { describe, expect, it } from '@jest/globals';
import { LogDecoder } from './decode-log.js';
import { SAMPLE_CONTRACTS, SAMPLE_SOURCES } from './sample-logs.fixture.js';

const USER = `0x${'e5'.repeat(20)}`;
const TOKEN = `0x${'c3'.repeat(20)}`;
const POOL = `0x${'ab'.repeat(32)}`;
/** The most that 128 bits hold, as ABPool keeps reserves and liquidity. */
const MOST = 2n ** 128n - 1n;
const ALL_OF_IT = 10_000n;

const { liquidityManager } = SAMPLE_CONTRACTS;
const abi = SAMPLE_SOURCES.find(([address]) => address === liquidityManager)?.[1].abi;
const decoder = new LogDecoder(SAMPLE_CONTRACTS);

/** Values of an event's parameters, those that have no meaning here as they come. */
function decode(name: string, values: Readonly<Record<string, bigint>>) {
  const event = abi?.getEvent(name);
  if (abi === undefined || event === null || event === undefined) throw new RangeError(`No event ${name}`);
  const args = event.inputs.map(({ name: parameter, type }) => {
    if (type === 'address') return parameter.startsWith('token') ? TOKEN : USER;
    return type === 'bytes32' ? POOL : (values[parameter] ?? 1n);
  });
  const { topics, data } = abi.encodeEventLog(event, args);
  const place = { txHash: POOL, logIndex: 0 };
  return decoder.decode({ ...place, address: liquidityManager.toLowerCase(), topics, data }, () => true);
}

describe('a log that says what cannot be', () => {
  it.each([
    ['Sync', 'reserveA', MOST],
    ['Sync', 'reserveB', MOST],
    ['Swap', 'amountIn', MOST],
    ['Swap', 'amountOut', MOST],
    ['LiquidityAdded', 'amountA', MOST],
    ['LiquidityAdded', 'amountB', MOST],
    ['LiquidityAdded', 'liquidity', MOST],
    ['LiquidityRemoved', 'amountA', MOST],
    ['LiquidityRemoved', 'amountB', MOST],
    ['LiquidityRemoved', 'liquidity', MOST],
    ['SwapFeeUpdated', 'newFee', ALL_OF_IT],
    ['ProtocolFeeUpdated', 'newFee', ALL_OF_IT],
  ])(
    'of %s, with more of %s than there can be, is parked with its bytes and what is wrong',
    (type, field, most) => {
      expect(decode(type, { [field]: most })).toMatchObject({ kind: 'fact', fact: { type } });
      for (const value of [most + 1n, 2n ** 256n - 1n]) {
        expect(decode(type, { [field]: value })).toMatchObject({
          kind: 'parked',
          fact: {
            type: 'LogParked',
            data: {
              ...{ contract: liquidityManager, role: 'LIQUIDITY_MANAGER', code: 'FACT_IMPOSSIBLE' },
              reason: `${field} of ${type} is ${value}, more than ${most}`,
              log: { address: liquidityManager, data: expect.stringContaining(value.toString(16)) },
            },
          },
        });
      }
    },
  );
});
