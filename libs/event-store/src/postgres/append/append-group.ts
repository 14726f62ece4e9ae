import type { AppendResult, Position, Revision } from '@abland/kernel';
import { decideAppend, type StoredEvent } from '../../append/append-decision.js';
import type { AppendRequest } from '../../append/append-request.js';
import { SEPARATOR } from './append-statements.js';

/** What the database says of the streams and ids in a group, read under the log's lock. */
export interface GroupState {
  readonly head: Position;
  readonly revisions: ReadonlyMap<string, Revision>;
  readonly stored: readonly (StoredEvent & { readonly stream: string; readonly id: string })[];
}

export type AppendOutcome = AppendResult | Error;

/** A group decided: what each caller gets once it is committed, and the rows to write, as joined columns. */
export interface DecidedGroup {
  /** In the order of the requests. */
  readonly outcomes: readonly AppendOutcome[];
  readonly count: number;
  /** Of the last row; null where there is none to write. */
  readonly lastId: string | null;
  readonly columns: readonly string[];
}

interface KnownStream {
  revision: Revision | null;
  readonly stored: Map<string, StoredEvent>;
}

/** Decides the appends one after the other, as if each had come alone: one that is refused leaves the others as they are. */
export function decideGroup(requests: readonly AppendRequest[], state: GroupState): DecidedGroup {
  const streams = new Map<string, KnownStream>();
  for (const { stream } of requests) {
    streams.set(stream, { revision: state.revisions.get(stream) ?? null, stored: new Map() });
  }
  for (const { stream, id, revision, position } of state.stored) {
    streams.get(stream)?.stored.set(id, { revision, position });
  }
  const rows = new Rows();
  const outcomes = requests.map((request): AppendOutcome => {
    const known = streams.get(request.stream) as KnownStream;
    const decision = decideAppend(request, {
      revision: known.revision,
      storedAt: (id) => known.stored.get(id),
    });
    if (decision.kind === 'refused') return decision.error;
    if (decision.kind === 'stored-before') return decision.result;
    let revision = decision.base;
    for (let index = decision.firstNew; index < request.events.length; index += 1) {
      const event = request.events[index] as AppendRequest['events'][number];
      revision += 1n;
      const run = index + 1 === request.events.length ? index + 1 - decision.firstNew : 0;
      rows.add(request.stream, revision, run, event);
      known.stored.set(event.id, { revision, position: state.head + BigInt(rows.count) });
    }
    known.revision = revision;
    return { revision, position: state.head + BigInt(rows.count), duplicate: false };
  });
  return { outcomes, count: rows.count, lastId: rows.lastId, columns: rows.columns() };
}

/** Rows as columns of joined text: node-postgres spends more on arrays than PostgreSQL does on splitting. */
class Rows {
  count = 0;
  private readonly streams: string[] = [];
  private readonly revisions: string[] = [];
  private readonly runs: string[] = [];
  private readonly ids: string[] = [];
  private readonly types: string[] = [];
  private readonly versions: string[] = [];
  private readonly data: string[] = [];
  private readonly metadata: string[] = [];

  /** @param run events of the append that this one ends, 0 where it does not */
  add(stream: string, revision: Revision, run: number, event: AppendRequest['events'][number]): void {
    this.count += 1;
    this.streams.push(stream);
    this.revisions.push(revision.toString());
    this.runs.push(run.toString());
    this.ids.push(event.id);
    this.types.push(event.type);
    this.versions.push(event.version.toString());
    this.data.push(JSON.stringify(event.data));
    this.metadata.push(JSON.stringify(event.metadata));
  }

  get lastId(): string | null {
    return this.ids.at(-1) ?? null;
  }

  columns(): readonly string[] {
    return [
      this.streams,
      this.revisions,
      this.runs,
      this.ids,
      this.types,
      this.versions,
      this.data,
      this.metadata,
    ].map((values) => values.join(SEPARATOR));
  }
}
