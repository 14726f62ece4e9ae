import { type Transfer, ZERO_ADDRESS } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { AmountBelowZeroError } from '../engine/errors.js';
import { chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
import { subjectOf, sumOf } from '../engine/sums.js';
import { holdings, tokenSupplies } from './tables.js';

const ADD_UP = 'The balances of a token add up to its supply';
const COUNTED = 'The holders of a token are as many as are counted';
/** The token is the contract that tells of the transfer. */
const tokenOf = (event: RecordedEvent<Transfer>) => ({
  chain_id: chainPlaceOf(event).chainId,
  token: event.data.contract,
});

/** Balances by what was transferred; address zero is where tokens come from and go to, and holds none. */
export const holdingsProjection: Projection = {
  name: 'holdings',
  version: 2,
  tables: [holdings, tokenSupplies],
  sums: [
    sumOf(ADD_UP, 'PARTS', holdings, (row, add) => add(subjectOf(row.chain_id, row.token), row.balance)),
    sumOf(ADD_UP, 'WHOLE', tokenSupplies, (row, add) => add(subjectOf(row.chain_id, row.token), row.supply)),
    sumOf(COUNTED, 'PARTS', holdings, (row, add) =>
      add(subjectOf(row.chain_id, row.token), row.balance > 0n ? 1n : 0n),
    ),
    sumOf(COUNTED, 'WHOLE', tokenSupplies, (row, add) =>
      add(subjectOf(row.chain_id, row.token), BigInt(row.holders)),
    ),
  ],
  handlers: {
    Transfer: {
      reads: (event) => [
        rowOf(tokenSupplies, tokenOf(event)),
        rowOf(holdings, { ...tokenOf(event), holder: event.data.from }),
        rowOf(holdings, { ...tokenOf(event), holder: event.data.to }),
      ],
      apply: transfer,
    },
  },
};

function transfer(event: RecordedEvent<Transfer>, rows: Rows): void {
  const { from, to } = event.data;
  const amount = BigInt(event.data.amount);
  const { blockNumber } = chainPlaceOf(event);
  const known = rows.get(tokenSupplies, tokenOf(event)) ?? {
    ...tokenOf(event),
    supply: 0n,
    holders: 0,
    transfers: 0,
    updated_block: blockNumber,
  };
  // Out before in, so that a transfer to oneself changes nothing.
  const left = from === ZERO_ADDRESS ? 0 : move(event, from, -amount, rows);
  const come = to === ZERO_ADDRESS ? 0 : move(event, to, amount, rows);
  const minted = (from === ZERO_ADDRESS ? amount : 0n) - (to === ZERO_ADDRESS ? amount : 0n);
  rows.put(tokenSupplies, {
    ...tokenOf(event),
    supply: known.supply + minted,
    holders: known.holders + left + come,
    transfers: known.transfers + 1,
    updated_block: blockNumber,
  });
}

/** Changes a balance; returns by how many the holders change: 1 for a new one, -1 for one that holds nothing any more. */
function move(event: RecordedEvent<Transfer>, holder: string, change: bigint, rows: Rows): number {
  const { blockNumber, blockTime } = chainPlaceOf(event);
  const key = { ...tokenOf(event), holder };
  const before = rows.get(holdings, key)?.balance ?? 0n;
  const balance = before + change;
  if (balance < 0n) throw new AmountBelowZeroError('A transfer of more than its sender holds', key);
  if (balance > 0n || before > 0n)
    rows.put(holdings, { ...key, balance, updated_block: blockNumber, updated_time: blockTime });
  return (balance > 0n ? 1 : 0) - (before > 0n ? 1 : 0);
}
