import type { AppendResult, ExpectedRevision } from '@abland/kernel';
import type { AppendRequest } from '../append/append-request.js';
import { SEPARATOR } from './append-statements.js';

/** Appends that can be stored by one statement if every stream is as expected and no id is stored already. */
export interface AppendPlan {
  /** Parameters of APPEND_EXPECTED. */
  readonly values: readonly string[];
  /** What the callers are told, from what the statement answers. */
  readonly results: (outcome: string) => readonly AppendResult[];
}

interface PlannedStream {
  readonly place: number;
  readonly first: ExpectedRevision;
  readonly ids: Set<string>;
  events: number;
}

const CODES = { no_stream: '-1', any: '-2', stream_exists: '-3' } as const;

/** Null where later appends of the group depend on what becomes of earlier ones, so that they must be decided one by one. */
export function planAppends(requests: readonly AppendRequest[]): AppendPlan | null {
  const streams = new Map<string, PlannedStream>();
  const columns: readonly string[][] = [[], [], [], [], [], [], []];
  const ends: (readonly [place: number, offset: number])[] = [];
  const checked: string[] = [];
  for (const { stream, events, expected } of requests) {
    let planned = streams.get(stream);
    if (planned === undefined) {
      planned = { place: streams.size + 1, first: expected, ids: new Set(), events: 0 };
      streams.set(stream, planned);
    } else if (!follows(planned, expected)) return null;
    for (const event of events) {
      if (planned.ids.has(event.id)) return null;
      planned.ids.add(event.id);
      planned.events += 1;
      // A stream that must not exist yet has no ids to be repeated.
      if (planned.first !== 'no_stream') checked.push(event.id);
      addRow(columns, planned, event);
    }
    ends.push([planned.place, planned.events]);
  }
  const expected = Array.from(streams.values(), ({ first }) =>
    typeof first === 'bigint' ? first.toString() : CODES[first],
  );
  const values = [[...streams.keys()], expected, checked, ...columns].map((texts) => texts.join(SEPARATOR));
  return { values, results: (outcome) => resultsOf(outcome, ends) };
}

function follows({ first, events }: PlannedStream, expected: ExpectedRevision): boolean {
  if (expected === 'any' || expected === 'stream_exists') return true;
  if (expected === 'no_stream') return false;
  const base = first === 'no_stream' ? -1n : first;
  return typeof base === 'bigint' && expected === base + BigInt(events);
}

function addRow(
  [places, offsets, ids, types, versions, data, metadata]: readonly string[][],
  { place, events }: PlannedStream,
  event: AppendRequest['events'][number],
): void {
  places?.push(place.toString());
  offsets?.push(events.toString());
  ids?.push(event.id);
  types?.push(event.type);
  versions?.push(event.version.toString());
  data?.push(JSON.stringify(event.data));
  metadata?.push(JSON.stringify(event.metadata));
}

/** The outcome is the head before the group and then the revision that each stream had, -1 where it did not exist. */
function resultsOf(outcome: string, ends: readonly (readonly [number, number])[]): AppendResult[] {
  const [head = 0n, ...revisions] = outcome.split(SEPARATOR).map(BigInt);
  let position = head;
  const stored = new Map<number, number>();
  return ends.map(([place, offset]) => {
    position += BigInt(offset - (stored.get(place) ?? 0));
    stored.set(place, offset);
    return { revision: (revisions[place - 1] ?? -1n) + BigInt(offset), position, duplicate: false };
  });
}
