import { SKIP_EVENTS, SkipsInLog } from '@abland/domain';
import type { EventStore } from '@abland/kernel';
import type pg from 'pg';
import { type ParkedByProcess, parkedByProcess } from './parked-id.js';

type Queryable = Pick<pg.ClientBase, 'query'>;

export interface SkippedByProcess extends ParkedByProcess {
  readonly operationId: string;
}

/** What a process leaves out for good, by operators' decisions. */
export class Skipped {
  private readonly keys: ReadonlySet<string>;

  constructor(skipped: readonly Omit<ParkedByProcess, 'process'>[]) {
    this.keys = new Set(skipped.map(keyOf));
  }

  has(one: Omit<ParkedByProcess, 'process'>): boolean {
    return this.keys.size > 0 && this.keys.has(keyOf(one));
  }
}

const keyOf = ({ causeId, stream, type }: Omit<ParkedByProcess, 'process'>): string =>
  `${stream}/${type}/${causeId}`;

/**
 * What a process leaves out. One that begins with the first event asks the log, which tells it of every decision long before it comes
 * to where that stands.
 */
export async function skippedBy(
  db: Queryable,
  store: EventStore,
  process: string,
  begins: boolean,
): Promise<Skipped> {
  if (begins) for (const skipped of await skippedInLog(store, process)) await noteSkipped(db, skipped);
  const { rows } = await db.query<{ cause_id: string; stream: string; type: string }>(
    'SELECT cause_id, stream, type FROM processes.skipped WHERE process = $1',
    [process],
  );
  return new Skipped(rows.map(({ cause_id: causeId, stream, type }) => ({ causeId, stream, type })));
}

/** Once each. */
export async function noteSkipped(db: Queryable, skipped: SkippedByProcess): Promise<void> {
  const { causeId, operationId, process, stream, type } = skipped;
  await db.query(
    `INSERT INTO processes.skipped (process, cause_id, stream, type, operation_id) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT DO NOTHING`,
    [process, causeId, stream, type, operationId],
  );
}

async function skippedInLog(store: EventStore, process: string): Promise<readonly SkippedByProcess[]> {
  const skips = new SkipsInLog();
  for await (const page of store.readAll({ filter: { types: SKIP_EVENTS } }))
    for (const event of page) skips.see(event);
  return skips.done.flatMap(({ operationId, subject }) => {
    const parked = parkedByProcess(subject);
    return parked?.process === process ? [{ ...parked, operationId }] : [];
  });
}
