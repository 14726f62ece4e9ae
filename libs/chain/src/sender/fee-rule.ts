import { dearer, type Fees, leastFor, type Price } from './price.js';

/** How long a transaction waits already. */
export interface Wait {
  readonly ms: number;
  readonly blocks: number;
  /** Nothing of ours is before it: it waits for the chain alone. */
  readonly foremost: boolean;
  /** The node refused it for its fees. */
  readonly refused: boolean;
}

export type Judgement =
  | { readonly outcome: 'STANDS' }
  | { readonly outcome: 'RAISED'; readonly fees: Fees }
  /** What it would have to offer at least is more than it may, in wei per gas. */
  | { readonly outcome: 'CAPPED'; readonly least: bigint; readonly cap: bigint };

/** A base fee that is high for one block of mainnet is no reason. */
const OUTPRICED_MS = 12_000;
/** One that offers enough and is not mined is passed over: whatever the reason, a tip may help. */
const PASSED_OVER_MS = 60_000;
const PASSED_OVER_BLOCKS = 10;
/** How many times what the provider advises is offered where the base fee does not ask for it. */
const ADVISED_TIMES_MAX = 5n;

/**
 * Whether a transaction that waits is to be replaced by one that offers more: its fee is below what the chain asks, the node
 * refused it for its fees, or it is passed over. Both fees rise by an eighth at least, and at least to the present price.
 */
export function judgeFees(own: Fees, price: Price, wait: Wait, cap: bigint): Judgement {
  const outpriced = own.maxFeePerGas < leastFor(price, own.maxPriorityFeePerGas);
  if (!isDue(outpriced, wait)) return { outcome: 'STANDS' };
  const advised = price.fees;
  const { maxFeePerGas: wanted, maxPriorityFeePerGas: tip } = raisedAbove(own, advised);
  const least = larger(dearer(own.maxFeePerGas), leastFor(price, tip));
  const limit = outpriced ? cap : smaller(cap, advised.maxFeePerGas * ADVISED_TIMES_MAX);
  if (least > limit) return { outcome: 'CAPPED', least, cap: limit };
  const maxFeePerGas = smaller(larger(wanted, least), limit);
  return { outcome: 'RAISED', fees: { maxFeePerGas, maxPriorityFeePerGas: tip } };
}

/** What is wanted, and of both fees an eighth more at least than one offers that waits: nodes take that in its place. */
export const raisedAbove = (waiting: Fees, wanted: Fees): Fees => ({
  maxFeePerGas: larger(dearer(waiting.maxFeePerGas), wanted.maxFeePerGas),
  maxPriorityFeePerGas: larger(dearer(waiting.maxPriorityFeePerGas), wanted.maxPriorityFeePerGas),
});

function isDue(outpriced: boolean, { ms, blocks, foremost, refused }: Wait): boolean {
  if (refused || (outpriced && ms >= OUTPRICED_MS)) return true;
  return foremost && ms >= PASSED_OVER_MS && blocks >= PASSED_OVER_BLOCKS;
}

const larger = (one: bigint, other: bigint): bigint => (one > other ? one : other);
const smaller = (one: bigint, other: bigint): bigint => (one < other ? one : other);
