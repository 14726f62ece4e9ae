import type { Hash } from '@abland/domain';
import type pg from 'pg';
import type { TransactionFact } from './kinds/kind.js';
import { type ChainProgress, type KeptFact, Ledger, type LedgerChanges } from './ledger.js';
import type { LedgerKeys } from './ledger-keys.js';
import { loadRequests, saveRequests } from './request-rows.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

/** A transaction's hash can be told as long as its request is open; clocks of chain and server may differ by this. */
const FACTS_KEPT_MS = 60 * 60 * 1_000;

const UNKNOWN_PROGRESS: ChainProgress = { headTime: null, finalizedNumber: null };

export async function loadLedger(db: Queryable, chainId: number, keys: LedgerKeys): Promise<Ledger> {
  const requests = await loadRequests(db, keys);
  const facts = await loadFacts(db, keys.txHashes);
  const revertedBlocks = await loadRevertedBlocks(db, chainId, keys.blockHashes);
  const progress = keys.progress ? await loadProgress(db, chainId) : UNKNOWN_PROGRESS;
  return new Ledger({ requests, facts, revertedBlocks, progress });
}

export async function loadProgress(db: Queryable, chainId: number): Promise<ChainProgress> {
  const found = await db.query<{ head_time: Date | null; finalized_number: string | null }>(
    'SELECT head_time, finalized_number FROM processes.chain_progress WHERE chain_id = $1',
    [chainId],
  );
  const row = found.rows[0];
  return {
    headTime: row?.head_time?.getTime() ?? null,
    finalizedNumber: typeof row?.finalized_number === 'string' ? Number(row.finalized_number) : null,
  };
}

export async function saveLedger(db: Queryable, chainId: number, changes: LedgerChanges): Promise<void> {
  await saveRequests(db, changes.requests);
  if (changes.droppedFactIds.length > 0) {
    await db.query('DELETE FROM processes.facts WHERE event_id = ANY($1::uuid[])', [changes.droppedFactIds]);
  }
  await saveFacts(db, changes.facts);
  await saveReverted(db, chainId, changes);
  if (changes.progress !== null) await saveProgress(db, chainId, changes.progress);
}

/** Lets go of facts that no request can answer to any more. */
export async function dropOldFacts(db: Queryable, progress: ChainProgress): Promise<void> {
  if (progress.finalizedNumber === null || progress.headTime === null) return;
  await db.query(
    `DELETE FROM processes.facts WHERE block_number <= $1 AND block_time < $2::timestamptz AND block_time <
       coalesce((SELECT min(requested_at) FROM processes.requests WHERE status = 'OPEN'), 'infinity') - $3::interval`,
    [progress.finalizedNumber, new Date(progress.headTime - FACTS_KEPT_MS), `${FACTS_KEPT_MS} milliseconds`],
  );
}

async function loadFacts(db: Queryable, txHashes: readonly Hash[]): Promise<readonly KeptFact[]> {
  if (txHashes.length === 0) return [];
  const found = await db.query<{
    event: Omit<TransactionFact, 'position' | 'revision'>;
    claimed_by: string | null;
  }>('SELECT event, claimed_by FROM processes.facts WHERE tx_hash = ANY($1::text[])', [txHashes]);
  return found.rows.map(({ event, claimed_by }) => ({
    fact: { ...event, position: 0n, revision: 0n } as TransactionFact,
    claimedBy: claimed_by,
  }));
}

async function saveFacts(db: Queryable, facts: readonly KeptFact[]): Promise<void> {
  if (facts.length === 0) return;
  const rows = facts.map(({ fact, claimedBy }) => {
    const { chain } = fact.metadata;
    const { position: _position, revision: _revision, ...event } = fact;
    return {
      event_id: fact.id,
      tx_hash: chain.txHash,
      block_number: chain.blockNumber,
      block_hash: chain.blockHash,
      block_time: new Date(chain.blockTime * 1_000),
      event,
      claimed_by: claimedBy,
    };
  });
  await db.query(
    `INSERT INTO processes.facts SELECT * FROM jsonb_populate_recordset(NULL::processes.facts, $1::jsonb)
     ON CONFLICT (event_id) DO UPDATE SET claimed_by = EXCLUDED.claimed_by`,
    [JSON.stringify(rows)],
  );
}

async function loadRevertedBlocks(
  db: Queryable,
  chainId: number,
  hashes: readonly Hash[],
): Promise<readonly Hash[]> {
  if (hashes.length === 0) return [];
  const found = await db.query<{ block_hash: string }>(
    'SELECT block_hash FROM processes.reverted_blocks WHERE chain_id = $1 AND block_hash = ANY($2::text[])',
    [chainId, hashes],
  );
  return found.rows.map((row) => row.block_hash);
}

async function saveReverted(db: Queryable, chainId: number, changes: LedgerChanges): Promise<void> {
  if (changes.revertedBlocks.length > 0) {
    await db.query(
      'INSERT INTO processes.reverted_blocks SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING',
      [chainId, changes.revertedBlocks],
    );
    await db.query('DELETE FROM processes.facts WHERE block_hash = ANY($1::text[])', [
      changes.revertedBlocks,
    ]);
  }
  if (changes.restoredBlocks.length > 0) {
    await db.query(
      'DELETE FROM processes.reverted_blocks WHERE chain_id = $1 AND block_hash = ANY($2::text[])',
      [chainId, changes.restoredBlocks],
    );
  }
}

async function saveProgress(db: Queryable, chainId: number, progress: ChainProgress): Promise<void> {
  await db.query(
    `INSERT INTO processes.chain_progress (chain_id, head_time, finalized_number) VALUES ($1, $2, $3)
     ON CONFLICT (chain_id) DO UPDATE SET
       head_time = EXCLUDED.head_time, finalized_number = EXCLUDED.finalized_number`,
    [chainId, progress.headTime === null ? null : new Date(progress.headTime), progress.finalizedNumber],
  );
}
