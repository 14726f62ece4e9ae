import { invariant, type Position } from '@abland/kernel';
import type pg from 'pg';
import type { AppendRequest } from '../../append/append-request.js';
import type { KnownLog, Mark } from '../../reading/known-log.js';
import { knownValues } from '../known/is-known.js';
import { type AppendOutcome, decideGroup, type DecidedGroup, type GroupState } from './append-group.js';
import type { AppendPlan } from './append-plan.js';
import {
  ADD_PARTITION,
  APPEND_EXPECTED,
  FIND_STORED,
  INSERT_EVENTS,
  LOCK_KNOWN_LOG,
  NOTIFY,
  READ_LAST,
  READ_REVISIONS,
  SEPARATOR,
} from './append-statements.js';
import { inPipeline } from './pipeline.js';

interface LogRow {
  readonly partition_size: string;
  readonly partitioned_to: string;
  readonly known: boolean;
}
interface LastRow {
  readonly position: string;
  readonly recorded_at: string;
}
interface RevisionRow {
  readonly name: string;
  readonly revision: string | null;
}
interface StoredRow {
  readonly stream: string;
  readonly event_id: string;
  readonly revision: string;
  readonly position: string;
}
interface LockedLog extends GroupState {
  readonly recordedAt: string | null;
  readonly partitionSize: bigint;
  readonly partitionedTo: bigint;
}

/** What became of a group, in the order of its requests, and where the log ends after it. */
export interface StoredGroup {
  readonly outcomes: readonly AppendOutcome[];
  readonly end: Position;
  /** The newest event that it has stored; null where it stored none. */
  readonly last: Mark | null;
}

/**
 * Appends a group in one transaction that holds the log's lock from its beginning: in one round trip where the group has a
 * plan and nothing is in its way, else append by append in two (lock and look up, then write and commit). Where it throws, the
 * connection must be closed: the transaction may still be open.
 * @throws LogMismatchError where the log is another than the one that is known; nothing is stored
 */
export async function appendUnderLock(
  client: pg.Client,
  requests: readonly AppendRequest[],
  plan: AppendPlan | null,
  known: KnownLog,
): Promise<StoredGroup> {
  const stored = plan === null ? null : await appendAsPlanned(client, plan, known);
  return stored ?? decideOneByOne(client, requests, known);
}

async function appendAsPlanned(
  client: pg.Client,
  plan: AppendPlan,
  known: KnownLog,
): Promise<StoredGroup | null> {
  const { rows } = await client.query<{ outcome: string | null }>({
    ...APPEND_EXPECTED,
    values: [...plan.conditions(), ...plan.columns(), ...knownValues(known)],
  });
  if (rows[0] === undefined) throw known.mismatch();
  const { outcome } = rows[0];
  if (outcome === null) return null;
  const [head = 0n, ...revisions] = outcome.split(SEPARATOR).map(BigInt);
  return { outcomes: plan.results(head, revisions), ...plan.endAfter(head) };
}

async function decideOneByOne(
  client: pg.Client,
  requests: readonly AppendRequest[],
  known: KnownLog,
): Promise<StoredGroup> {
  const log = await lockAndLookUp(client, requests, known);
  const group = decideGroup(requests, log);
  if (group.count === 0) await client.query('COMMIT');
  else await writeAndCommit(client, log, group);
  const end = log.head + BigInt(group.count);
  return {
    outcomes: group.outcomes,
    end,
    last: group.lastId === null ? null : { position: end, id: group.lastId },
  };
}

async function lockAndLookUp(
  client: pg.Client,
  requests: readonly AppendRequest[],
  knownLog: KnownLog,
): Promise<LockedLog> {
  const names = [...new Set(requests.map(({ stream }) => stream))].join(SEPARATOR);
  const [, lock, last, revisions, stored] = await inPipeline([
    client.query('BEGIN'),
    client.query<LogRow>({ ...LOCK_KNOWN_LOG, values: [...knownValues(knownLog)] }),
    client.query<LastRow>(READ_LAST),
    client.query<RevisionRow>({ ...READ_REVISIONS, values: [names] }),
    findStored(
      client,
      requests.filter(({ expected }) => expected !== 'no_stream'),
    ),
  ]);
  const [log] = lock.rows;
  invariant(log !== undefined, 'event_store.log has no row');
  if (!log.known) throw knownLog.mismatch();
  const known = new Map(
    revisions.rows.flatMap(({ name, revision }) => (revision === null ? [] : [[name, BigInt(revision)]])),
  );
  // Where a stream should not exist but does, the append may be a repetition; where it does not, no id can be in it.
  const repeated = requests.filter(({ expected, stream }) => expected === 'no_stream' && known.has(stream));
  return {
    head: BigInt(last.rows[0]?.position ?? 0),
    recordedAt: last.rows[0]?.recorded_at ?? null,
    partitionSize: BigInt(log.partition_size),
    partitionedTo: BigInt(log.partitioned_to),
    revisions: known,
    stored: [...stored, ...(await findStored(client, repeated))],
  };
}

async function findStored(
  client: pg.Client,
  requests: readonly AppendRequest[],
): Promise<GroupState['stored']> {
  if (requests.length === 0) return [];
  const ids = requests.flatMap(({ events }) => events.map(({ id }) => id)).join(SEPARATOR);
  const { rows } = await client.query<StoredRow>({ ...FIND_STORED, values: [ids] });
  return rows.map((row) => ({
    stream: row.stream,
    id: row.event_id,
    revision: BigInt(row.revision),
    position: BigInt(row.position),
  }));
}

async function writeAndCommit(client: pg.Client, log: LockedLog, group: DecidedGroup): Promise<void> {
  const head = log.head + BigInt(group.count);
  await inPipeline([
    ...addPartitions(client, log, head),
    client.query({ ...INSERT_EVENTS, values: [log.head.toString(), log.recordedAt, ...group.columns] }),
    client.query({ ...NOTIFY, values: [head.toString()] }),
    client.query('COMMIT'),
  ]);
}

/** Partitions are made half of one ahead, by whoever holds the lock. */
function addPartitions(client: pg.Client, log: LockedLog, head: bigint): Promise<unknown>[] {
  const wanted = head + log.partitionSize / 2n;
  const added: Promise<unknown>[] = [];
  for (let to = log.partitionedTo; to < wanted; to += log.partitionSize)
    added.push(client.query(ADD_PARTITION));
  return added;
}
