import type { RequestedEvent, RequestHeader } from '@abland/domain';
import type { NewEvent } from '@abland/kernel';
import { PEOPLE } from '@abland/testing/market';
import type { SeededRandom } from '@abland/testing/seeded-random';
import { type DataOf, newEvent } from './told-events.js';

export interface Appended {
  readonly stream: string;
  readonly events: readonly NewEvent[];
}

export const INPUT_HASH = `0x${'1'.repeat(64)}`;
const POOL_ID = `0x${'9'.repeat(64)}`;
const [TOKEN_A, TOKEN_B] = ['1', '2'].map((digit) => `0x${digit.repeat(40)}`) as [string, string];

type TermsOf<Type extends RequestedEvent['type']> = Extract<RequestedEvent, { type: Type }>['data']['terms'];

/** Terms of each kind of request. */
export const ASKS: { readonly [Type in RequestedEvent['type']]: TermsOf<Type> } = {
  TokenCreationRequested: {
    name: 'Gold coin',
    symbol: 'GLD',
    decimals: 6,
    supply: '100',
    totalSupply: '100000000',
    description: 'shiny',
    metadataURI: 'ipfs://GLD',
  },
  TokenDeactivationRequested: { tokenAddress: TOKEN_A },
  PoolCreationRequested: {
    poolId: POOL_ID,
    tokenA: TOKEN_A,
    tokenB: TOKEN_B,
    amountA: '5',
    amountB: '6',
  },
  LiquidityAdditionRequested: {
    poolId: POOL_ID,
    amountADesired: '5',
    amountBDesired: '6',
    amountAMin: '4',
    amountBMin: '5',
  },
  LiquidityRemovalRequested: { poolId: POOL_ID, liquidity: '5', amountAMin: '1', amountBMin: '1' },
  SwapRequested: {
    poolId: POOL_ID,
    tokenIn: TOKEN_A,
    tokenOut: TOKEN_B,
    amountIn: '10',
    amountOutMin: '8',
    amountOutQuoted: '9',
  },
};

/** What begins a request of these terms. */
export const asked = <Terms>(
  header: Pick<RequestHeader, 'commandId' | 'chainId' | 'requester'> & Partial<RequestHeader>,
  terms: Terms,
): RequestHeader & { terms: Terms } => ({
  execution: 'WALLET',
  inputHash: INPUT_HASH,
  requestedAt: '2026-01-01T12:00:00.000Z',
  deadline: '2026-01-01T12:30:00.000Z',
  ...header,
  terms,
});

/** One person's way through the log: a sign-in, a swap that ends somehow, a rejected command; and an operator's act. */
export function simulatedRequest(random: SeededRandom, index: number, chainId: number): readonly Appended[] {
  const requester = random.pick(PEOPLE);
  const of = { commandId: random.uuid(), chainId };
  const operationId = random.uuid();
  const txHash = random.hash();
  const at = new Date(1_700_000_000_000 + index * 1_000).toISOString();
  const event = <Type extends Parameters<typeof newEvent>[1]>(type: Type, data: DataOf<Type>): NewEvent =>
    newEvent(random.uuid(), type, data);
  const mined = { ...of, txHash, blockNumber: index, blockHash: random.hash() };
  const end = random.pick([
    event('RequestConfirmed', { ...mined, outcome: { kind: 'SWAP', amountIn: '10', amountOut: '9' } }),
    event('RequestReverted', { ...mined, reason: null }),
    event('RequestExpired', { ...of, at }),
    event('RequestFailed', { ...of, code: 'REFUSED_BY_SIMULATION', reason: 'too little' }),
  ]);
  const header = { ...of, requester, requestedAt: at, deadline: at };
  return [
    { stream: `user-${requester}`, events: [event('UserSignedIn', { address: requester, at })] },
    {
      stream: `request-${of.commandId}`,
      events: [
        event('SwapRequested', asked(header, ASKS.SwapRequested)),
        event('RequestSubmitted', { ...of, txHash }),
        end,
      ],
    },
    {
      stream: `user-${requester}`,
      events: [
        event('CommandRejected', {
          ...{ commandId: random.uuid(), chainId, address: requester, command: 'swap' },
          ...{ code: 'INSUFFICIENT_BALANCE', field: 'amountIn', reason: 'less is there' },
          ...{ inputHash: INPUT_HASH, at },
        }),
      ],
    },
    {
      stream: `operation-${operationId}`,
      events: [
        event('OperationRequested', {
          ...{ operationId, kind: 'REBUILD_PROJECTION', subject: 'pools', requestedBy: 'operator:ada' },
          ...{ reason: 'a drill', at },
        }),
        event('OperationCompleted', { operationId, result: [{ name: 'rows', value: '1' }], at }),
      ],
    },
  ];
}
