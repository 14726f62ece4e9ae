import type { BlockFact, ChainId, RequestKindName, Uuid } from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import type pg from 'pg';
import type { Recorded } from '../engine/recorded.js';
import { accountOf, isExecution, isMined, isNews, kindsAnsweredBy } from './followed-events.js';
import { type ChainProgress, Ledger } from './ledger.js';
import type { TrackedRequest } from './tracked-request.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

interface RequestRow {
  readonly request: Omit<TrackedRequest, 'position' | 'forward' | 'openedBy'> & {
    readonly position: string;
    readonly forward?: TrackedRequest['forward'];
    readonly openedBy?: TrackedRequest['openedBy'];
  };
}

/** Of a chain's state what a batch of events may touch. */
export async function loadLedger(
  db: Queryable,
  chainId: ChainId,
  events: readonly RecordedEvent[],
): Promise<Ledger> {
  const { commandIds, submittedIds, accounts, named, kinds, revertedFrom, finalizedTo } = keysOf(events);
  // Whoever tells a transaction may have other requests that its facts are kept for.
  const found = await db.query<RequestRow>(
    `SELECT request FROM processes.requests WHERE chain_id = $1 AND command_id = ANY($2::uuid[])
     UNION ALL
     SELECT request FROM processes.requests WHERE chain_id = $1 AND waits AND requester IN
       (SELECT requester FROM processes.requests WHERE chain_id = $1 AND command_id = ANY($3::uuid[]))
     UNION ALL
     SELECT request FROM processes.requests WHERE chain_id = $1 AND requester = ANY($4::text[])
     UNION ALL
     SELECT request FROM processes.requests WHERE chain_id = $1 AND requester IN
       (SELECT account FROM unnest($8::uuid[], $9::text[]) AS named (command_id, account) WHERE NOT EXISTS
         (SELECT FROM processes.requests r WHERE r.chain_id = $1 AND r.command_id = named.command_id))
     UNION ALL
     SELECT request FROM processes.requests WHERE chain_id = $1 AND kind = ANY($5::text[])
     UNION ALL
     SELECT request FROM processes.requests WHERE chain_id = $1 AND waits AND $6::bigint IS NOT NULL
     UNION ALL
     SELECT request FROM processes.requests WHERE chain_id = $1 AND outcome IS NOT NULL AND block_number >= $6::bigint
     UNION ALL
     SELECT request FROM processes.requests WHERE chain_id = $1 AND outcome = 'CONFIRMED' AND block_number <= $7::bigint`,
    [
      ...[chainId, [...commandIds], [...submittedIds], [...accounts], [...kinds], revertedFrom, finalizedTo],
      ...[[...named.keys()], [...named.values()]],
    ],
  );
  return new Ledger(found.rows.map(fromRow), await loadProgress(db, chainId));
}

/** Whether anything of a chain's requests is kept. */
export async function hasRequests(db: Queryable, chainId: ChainId): Promise<boolean> {
  const { rows } = await db.query('SELECT 1 FROM processes.requests WHERE chain_id = $1 LIMIT 1', [chainId]);
  return rows.length > 0;
}

function keysOf(events: readonly RecordedEvent[]) {
  const commandIds = new Set<Uuid>();
  const submittedIds = new Set<Uuid>();
  const accounts = new Set<string>();
  /** By the command that a transaction names: whose request it may answer where there is no such command. */
  const named = new Map<Uuid, string>();
  const kinds = new Set<RequestKindName>();
  let revertedFrom: number | null = null;
  let finalizedTo: number | null = null;
  for (const event of events) {
    if (isNews(event)) {
      commandIds.add(event.data.commandId);
      if (event.type === 'RequestSubmitted') submittedIds.add(event.data.commandId);
    } else if (isMined(event)) {
      const { commandId } = event.metadata.chain;
      const account = accountOf(event);
      if (commandId !== null) commandIds.add(commandId);
      if (account !== null && commandId !== null && !isExecution(event)) named.set(commandId, account);
      else if (account !== null) accounts.add(account);
      else for (const kind of kindsAnsweredBy(event)) kinds.add(kind);
    } else {
      const { type, data } = event as Recorded<BlockFact>;
      if (type === 'BlocksReverted') revertedFrom = Math.min(revertedFrom ?? Infinity, data.fromNumber);
      if (type === 'BlocksFinalized') finalizedTo = data.number;
    }
  }
  return { commandIds, submittedIds, accounts, named, kinds, revertedFrom, finalizedTo };
}

export async function saveLedger(
  db: Queryable,
  chainId: ChainId,
  { changes, progress }: Ledger,
): Promise<void> {
  const settled = [...changes].flatMap(([commandId, request]) => (request === null ? commandId : []));
  const requests = [...changes.values()].filter((request) => request !== null);
  if (settled.length > 0) {
    await db.query('DELETE FROM processes.requests WHERE chain_id = $1 AND command_id = ANY($2::uuid[])', [
      chainId,
      settled,
    ]);
  }
  if (requests.length > 0) {
    await db.query(
      `INSERT INTO processes.requests (chain_id, command_id, request)
       SELECT $1, (request ->> 'commandId')::uuid, request FROM jsonb_array_elements($2::jsonb) AS request
       ON CONFLICT (chain_id, command_id) DO UPDATE SET request = EXCLUDED.request`,
      [chainId, JSON.stringify(requests.map(toRow))],
    );
  }
  await db.query(
    `INSERT INTO processes.chain_progress (chain_id, progress) VALUES ($1, $2)
     ON CONFLICT (chain_id) DO UPDATE SET progress = EXCLUDED.progress`,
    [chainId, JSON.stringify(progress)],
  );
}

export async function loadProgress(db: Queryable, chainId: ChainId): Promise<ChainProgress> {
  const found = await db.query<{ progress: ChainProgress }>(
    'SELECT progress FROM processes.chain_progress WHERE chain_id = $1',
    [chainId],
  );
  return found.rows[0]?.progress ?? { headTime: null, finalizedNumber: null };
}

/**
 * Open requests whose time is over: the chain passed the deadline, after which contracts that take one refuse the transaction, or
 * no transaction was ever told and the deadline passed by our own clock. Times in milliseconds since the epoch.
 * @param headTime null where it is not known how far the chain is
 */
export async function loadExpired(
  db: Queryable,
  chainId: ChainId,
  {
    headTime,
    unsubmittedBefore,
    limit,
  }: { headTime: number | null; unsubmittedBefore: number; limit: number },
): Promise<readonly TrackedRequest[]> {
  const found = await db.query<RequestRow>(
    `SELECT request FROM processes.requests WHERE chain_id = $1 AND open AND outcome IS NULL
        AND (deadline < $2::bigint OR (tx_hash IS NULL AND deadline < $3::bigint)) ORDER BY deadline LIMIT $4`,
    [chainId, headTime, unsubmittedBefore, limit],
  );
  return found.rows.map(fromRow);
}

/** Lets go of what failed, expired or was reverted in a final block, with a deadline before a time. */
export async function dropClosed(
  db: Queryable,
  chainId: ChainId,
  finalizedNumber: number,
  deadlineBefore: number,
): Promise<void> {
  await db.query(
    `DELETE FROM processes.requests WHERE chain_id = $1 AND deadline < $3 AND (NOT open OR outcome = 'REVERTED')
        AND (outcome IS NULL OR (outcome = 'REVERTED' AND block_number <= $2))`,
    [chainId, finalizedNumber, deadlineBefore],
  );
}

/** What an earlier version stored knows no forward, nor what opened it. */
const fromRow = ({ request }: RequestRow): TrackedRequest => ({
  ...request,
  forward: request.forward ?? null,
  openedBy: request.openedBy ?? null,
  position: BigInt(request.position),
});
const toRow = (request: TrackedRequest): RequestRow['request'] => ({
  ...request,
  position: String(request.position),
});
