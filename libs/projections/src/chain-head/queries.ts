import type { BlockProof } from '@abland/domain';
import { type Selectable, sql } from 'kysely';
import { readAt } from '../read-model/at.js';
import type { At } from '../read-model/past-state.js';
import type { ReadModel, ReadModelDatabase } from '../read-model/database.js';
import { blocks, chainFinality, chainHeads } from './tables.js';

export interface ChainHead {
  readonly chainId: number;
  /** The newest block in the read models; null before the first. */
  readonly number: number | null;
  readonly hash: string | null;
  /** Seconds since the epoch. */
  readonly time: number | null;
  /** What shows that no log of it is missing, and how many providers gave it; null before the first block. */
  readonly proof: BlockProof | null;
  readonly providers: number | null;
  /** Every block up to this one is final; null before the first finality. */
  readonly finalizedNumber: number | null;
  readonly finalizedHash: string | null;
}

export interface BlockView {
  readonly number: number;
  readonly hash: string;
  readonly parentHash: string;
  readonly time: number;
}

export interface Finality {
  readonly status: 'FINAL' | 'CONFIRMED';
  /** Blocks from the row's own one to the head, both included. */
  readonly confirmations: number;
}

const READS = { 'chain-head': [chainHeads, blocks, chainFinality] };

/** Where the read models are on the chain. */
export async function chainHead(db: ReadModel, chainId: number, at?: At | null): Promise<ChainHead> {
  const key = { chain_id: sql`${chainId}::bigint` };
  const one = async <Row>(table: typeof chainHeads | typeof chainFinality): Promise<Row | undefined> => {
    const rows = await readAt<Row>(
      db,
      READS,
      at,
      (tables) => sql`SELECT h.* FROM ${tables.row(table, 'h', key)}`,
    );
    return rows[0];
  };
  const [head, final] = await Promise.all([
    one<Selectable<ReadModelDatabase['chain_heads']>>(chainHeads),
    one<Selectable<ReadModelDatabase['chain_finality']>>(chainFinality),
  ]);
  return {
    chainId,
    number: head === undefined ? null : Number(head.number),
    hash: head?.hash ?? null,
    time: head === undefined ? null : Number(head.time),
    proof: (head?.proof ?? null) as BlockProof | null,
    providers: head?.providers ?? null,
    finalizedNumber: final === undefined ? null : Number(final.number),
    finalizedHash: final?.hash ?? null,
  };
}

/** Of every chain that the read models know a block of, in order, whether it is still followed or not. */
export async function chainIdsOfReadModels(db: ReadModel): Promise<readonly number[]> {
  const rows = await db.selectFrom('chain_heads').select('chain_id').orderBy('chain_id').execute();
  return rows.map((row) => Number(row.chain_id));
}

/** How sure a row of a block is. A block above the head is one that the head's table has not reached: no confirmation yet. */
export function finalityOf(blockNumber: number, head: ChainHead): Finality {
  const final = head.finalizedNumber !== null && blockNumber <= head.finalizedNumber;
  return {
    status: final ? 'FINAL' : 'CONFIRMED',
    confirmations: Math.max(0, (head.number ?? blockNumber - 1) - blockNumber + 1),
  };
}

/** Of the blocks in the read models among the numbers, in no particular order. */
export async function blocksByNumbers(
  db: ReadModel,
  input: { chainId: number; numbers: readonly number[]; at?: At | null | undefined },
): Promise<readonly BlockView[]> {
  const key = { chain_id: sql`${input.chainId}::bigint`, number: sql`asked.number` };
  const rows = await readAt<Selectable<ReadModelDatabase['blocks']>>(
    db,
    READS,
    input.at,
    (tables) => sql`
      SELECT b.* FROM (SELECT DISTINCT number FROM unnest(${input.numbers}::bigint[]) AS u(number)) asked
      JOIN ${tables.row(blocks, 'b', key)} ON true`,
  );
  return rows.map((row) => ({
    number: Number(row.number),
    hash: row.hash,
    parentHash: row.parent_hash,
    time: Number(row.time),
  }));
}
