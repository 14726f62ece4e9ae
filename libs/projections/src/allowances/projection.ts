import {
  type Approval,
  type LiquidityAdded,
  type Swap,
  type Transfer,
  UINT256_MAX,
  ZERO_ADDRESS,
} from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import type { KeyOf, RowOf } from '../engine/table.js';
import { allowances, awaitedPulls } from './tables.js';

type AllowanceKey = KeyOf<typeof allowances>;
type AwaitedRow = RowOf<typeof awaitedPulls>;
type OfManager = Pick<RecordedEvent, 'metadata'> & { readonly data: { readonly contract: string } };

const managerKey = (event: Pick<RecordedEvent, 'metadata'>, manager: string) => ({
  chain_id: chainPlaceOf(event).chainId,
  manager,
});
const keyOf = (event: OfManager) => managerKey(event, event.data.contract);
const awaited = (event: OfManager) => [rowOf(awaitedPulls, keyOf(event))];

const approvalKey = (event: RecordedEvent<Approval>): AllowanceKey => ({
  chain_id: chainPlaceOf(event).chainId,
  token: event.data.contract,
  owner: event.data.owner,
  spender: event.data.spender,
});
const spentKey = (event: RecordedEvent<Transfer>): AllowanceKey => ({
  chain_id: chainPlaceOf(event).chainId,
  token: event.data.contract,
  owner: event.data.from,
  spender: event.data.to,
});

/**
 * Allowances of the liquidity manager: what was approved, less what it took. A token of ours (OpenZeppelin 5) tells of an approval
 * and not of its use, and a transfer to the manager may be anybody's: it is the manager's where, in the same transaction, the
 * manager told just before of a deposit or a swap that takes so much.
 */
export const allowancesProjection: Projection = {
  name: 'allowances',
  version: 1,
  tables: [allowances, awaitedPulls],
  handlers: {
    Approval: {
      reads: (event) => [rowOf(allowances, approvalKey(event))],
      apply: (event, rows) => allow(event, approvalKey(event), BigInt(event.data.amount), rows),
    },
    Swap: { reads: awaited, apply: swap },
    LiquidityAdded: { reads: awaited, apply: deposit },
    LiquidityRemoved: { reads: awaited, apply: (event, rows) => nothingAwaited(keyOf(event), rows) },
    Transfer: {
      reads: (event) => [
        rowOf(awaitedPulls, managerKey(event, event.data.from)),
        rowOf(awaitedPulls, managerKey(event, event.data.to)),
        rowOf(allowances, spentKey(event)),
      ],
      apply: transfer,
    },
  },
};

function allow(event: Pick<RecordedEvent, 'metadata'>, key: AllowanceKey, left: bigint, rows: Rows): void {
  if (left > 0n)
    rows.put(allowances, { ...key, amount: left, updated_block: chainPlaceOf(event).blockNumber });
  else if (rows.get(allowances, key) !== undefined) rows.delete(allowances, key);
}

function swap(event: RecordedEvent<Swap>, rows: Rows): void {
  const { user, tokenIn, tokenOut } = event.data;
  const [amountIn, amountOut] = [BigInt(event.data.amountIn), BigInt(event.data.amountOut)];
  const { txHash } = chainPlaceOf(event);
  const known = rows.get(awaitedPulls, keyOf(event));
  const goesOn =
    known?.tx_hash === txHash &&
    known.owner === user &&
    known.one !== null &&
    known.bought_token === tokenIn &&
    known.bought_amount === amountIn;
  rows.put(awaitedPulls, {
    ...keyOf(event),
    tx_hash: txHash,
    owner: user,
    one: goesOn ? known.one : amountIn,
    other: null,
    bought_token: tokenOut,
    bought_amount: amountOut,
  });
}

function deposit(event: RecordedEvent<LiquidityAdded>, rows: Rows): void {
  const { user, amountA, amountB } = event.data;
  if (user === ZERO_ADDRESS) return; // the minimum that a first deposit locks is taken from nobody
  rows.put(awaitedPulls, {
    ...keyOf(event),
    tx_hash: chainPlaceOf(event).txHash,
    owner: user,
    one: BigInt(amountA),
    other: BigInt(amountB),
    bought_token: null,
    bought_amount: null,
  });
}

function transfer(event: RecordedEvent<Transfer>, rows: Rows): void {
  const { from, to } = event.data;
  // What the manager pays is the end of what it told.
  nothingAwaited(managerKey(event, from), rows);
  const known = rows.get(awaitedPulls, managerKey(event, to));
  const taken = BigInt(event.data.amount);
  const left = known === undefined ? null : afterPull(known, chainPlaceOf(event).txHash, from, taken);
  if (left === null) return;
  rows.put(awaitedPulls, left);
  const allowed = rows.get(allowances, spentKey(event))?.amount ?? 0n;
  if (allowed !== UINT256_MAX) allow(event, spentKey(event), allowed - taken, rows);
}

/** What is still awaited after a transfer from somebody; null where the transfer is not what was awaited. */
function afterPull(known: AwaitedRow, txHash: string, from: string, taken: bigint): AwaitedRow | null {
  if (known.tx_hash !== txHash || known.owner !== from) return null;
  if (known.one === taken) return { ...known, one: null };
  return known.other === taken ? { ...known, other: null } : null;
}

function nothingAwaited(key: KeyOf<typeof awaitedPulls>, rows: Rows): void {
  if (rows.get(awaitedPulls, key) !== undefined) rows.delete(awaitedPulls, key);
}
