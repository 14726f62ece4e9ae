import type { DomainEvent } from '@abland/kernel';
import { assertCovered, type KnownBalance } from './balance.js';
import { refusal } from '../vocabulary/errors.js';
import { sortTokens } from '../input/address.js';
import { parseAmount, UINT128_MAX } from '../input/amount.js';
import type { Requested } from '../request/events.js';
import { assertAddressFits, assertTextFits } from '../request/fitting.js';
import type { RequestKind } from '../request/kind.js';
import { type Address, type AmountText, type Hash, ZERO_ADDRESS } from '../vocabulary/values.js';
import { quoteFirstDeposit } from './arithmetic/liquidity.js';
import { assertNotPaused } from './pause.js';

export type PoolCreationTerms = {
  /** keccak256 of both addresses in order: the caller computes it. */
  readonly poolId: Hash;
  /** tokenA < tokenB by address. */
  readonly tokenA: Address;
  readonly tokenB: Address;
  /** First deposit, base units. */
  readonly amountA: AmountText;
  readonly amountB: AmountText;
};
export type PoolCreationRequested = DomainEvent<'PoolCreationRequested', Requested<PoolCreationTerms>>;

/** What is known of a token when a pool of it is requested. */
export interface KnownToken {
  readonly active: boolean;
}

export interface PoolCreationAsk {
  readonly poolId: Hash;
  /** In any order, each with its amount in base units. */
  readonly tokenA: Address;
  readonly tokenB: Address;
  readonly amountA: bigint;
  readonly amountB: bigint;
  readonly known: {
    /** Null for a token that nobody has heard of. */
    readonly tokenA: KnownToken | null;
    readonly tokenB: KnownToken | null;
    readonly poolExists: boolean;
    /** Whether a request of the same person for it is on its way to the chain. */
    readonly poolPending: boolean;
    /** Whether the contract that holds all pools is paused. */
    readonly paused: boolean;
    /** The requester's balance; null where it is not known. */
    readonly balanceA: KnownBalance | null;
    readonly balanceB: KnownBalance | null;
  };
}

/** A pool, opened with its first deposit. Two people may ask for the same pool: the chain lets one have it. */
export const poolCreation: RequestKind<
  'CREATE_POOL',
  'PoolCreationRequested',
  PoolCreationAsk,
  PoolCreationTerms
> = {
  name: 'CREATE_POOL',
  requested: { type: 'PoolCreationRequested', version: 1 },
  accept({ known, poolId, ...ask }) {
    const { tokenA, tokenB, swapped } = sortTokens(ask.tokenA, ask.tokenB);
    const amountX = parseAmount(ask.amountA.toString(), 'amountA', UINT128_MAX);
    const amountY = parseAmount(ask.amountB.toString(), 'amountB', UINT128_MAX);
    quoteFirstDeposit(amountX, amountY);
    assertTradable(known.tokenA, 'tokenA');
    assertTradable(known.tokenB, 'tokenB');
    assertNotPaused(known.paused);
    if (known.poolExists) {
      throw refusal('POOL_EXISTS', 'There is a pool of these tokens', 'tokenB', { poolId });
    }
    if (known.poolPending) {
      throw refusal('POOL_PENDING', 'A pool of these tokens is on its way', 'tokenB', { poolId });
    }
    assertCovered(amountX, known.balanceA, 'amountA');
    assertCovered(amountY, known.balanceB, 'amountB');
    const [amountA, amountB] = swapped ? [amountY, amountX] : [amountX, amountY];
    return { poolId, tokenA, tokenB, amountA: amountA.toString(), amountB: amountB.toString() };
  },
  answeredBy: ['LiquidityAdded'],
  /** The first deposit tells whose pool it is; that it is the first, only the pool's creation in the same transaction. */
  outcome({ requester, terms }, fact, before) {
    if (fact.type !== 'LiquidityAdded') return null;
    const { user, poolId, amountA, amountB, liquidity } = fact.data;
    if (!before.some((one) => one.type === 'PoolCreated' && one.data.poolId === poolId)) return null;
    if (user === ZERO_ADDRESS) return null; // the minimum that the first deposit locks is nobody's
    assertTextFits('poolId', terms.poolId, poolId);
    assertAddressFits('user', requester, user);
    assertTextFits('amountA', terms.amountA, amountA);
    assertTextFits('amountB', terms.amountB, amountB);
    return { kind: 'CREATE_POOL', poolId, liquidity };
  },
};

function assertTradable(token: KnownToken | null, field: string): void {
  if (token === null) throw refusal('UNKNOWN_TOKEN', 'There is no such token', field);
  if (!token.active) throw refusal('TOKEN_DEACTIVATED', 'The token is deactivated', field);
}
