import { type Transfer, ZERO_ADDRESS } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { AmountBelowZeroError } from '../engine/errors.js';
import { type ChainPlace, chainPlaceOf, type Projection, rowOf, type Rows } from '../engine/projection.js';
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
  const { contract: token, from, to } = event.data;
  const amount = BigInt(event.data.amount);
  const place = chainPlaceOf(event);
  const { blockNumber: updated_block, chainId: chain_id } = place;
  const known = rows.get(tokenSupplies, { chain_id, token }) ?? NOTHING;
  // Out before in, so that a transfer to oneself changes nothing.
  const left = from === ZERO_ADDRESS ? 0 : move(rows, token, from, -amount, place);
  const come = to === ZERO_ADDRESS ? 0 : move(rows, token, to, amount, place);
  const minted = (from === ZERO_ADDRESS ? amount : 0n) - (to === ZERO_ADDRESS ? amount : 0n);
  rows.put(tokenSupplies, {
    chain_id,
    token,
    supply: known.supply + minted,
    holders: known.holders + left + come,
    transfers: known.transfers + 1,
    updated_block,
  });
}

const NOTHING = { supply: 0n, holders: 0, transfers: 0 } as const;

/** Changes a balance; returns by how many the holders change: 1 for a new one, -1 for one that holds nothing any more. */
function move(rows: Rows, token: string, holder: string, change: bigint, place: ChainPlace): number {
  const { blockNumber, blockTime, chainId: chain_id } = place;
  const before = rows.get(holdings, { chain_id, token, holder })?.balance ?? 0n;
  const balance = before + change;
  if (balance < 0n)
    throw new AmountBelowZeroError('A transfer of more than its sender holds', { chain_id, token, holder });
  if (balance > 0n || before > 0n)
    rows.put(holdings, {
      chain_id,
      token,
      holder,
      balance,
      updated_block: blockNumber,
      updated_time: blockTime,
    });
  return (balance > 0n ? 1 : 0) - (before > 0n ? 1 : 0);
}
