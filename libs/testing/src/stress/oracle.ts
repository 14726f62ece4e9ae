import type { RecordedEvent } from '@abland/kernel';
import type { JournalEntry } from './appender-journal.js';

export type FindingKind =
  | 'position-gap'
  | 'revision-gap'
  | 'acknowledged-lost'
  | 'acknowledged-changed'
  | 'unresolved'
  | 'doubled'
  | 'torn-batch'
  | 'refused-stored'
  | 'refused-wrongly'
  | 'unknown-event'
  | 'expectation-broken'
  | 'reader-missed'
  | 'reader-doubled'
  | 'reader-disordered'
  | 'reader-changed';

export interface Finding {
  readonly kind: FindingKind;
  readonly detail: string;
}

/** What a store promises beyond what all do. */
export interface Promises {
  /** Positions are 1, 2, 3 … */
  readonly gapless: boolean;
  /** A repetition is always told from a first append. */
  readonly tellsDuplicates: boolean;
}

type Acknowledgement = Extract<JournalEntry, { kind: 'acknowledged' }>;
type Intent = Extract<JournalEntry, { kind: 'intent' }>;
type Report = (kind: FindingKind, detail: string) => void;

/** An event and its place in the log, from 0. */
interface Placed {
  readonly event: RecordedEvent;
  readonly place: number;
}

/** Compares the log with what its appenders were told. */
export function judgeLog(
  log: readonly RecordedEvent[],
  journal: readonly JournalEntry[],
  promises: Promises,
): Finding[] {
  const findings: Finding[] = [];
  const report: Report = (kind, detail) => void findings.push({ kind, detail });
  judgeNumbers(log, promises, report);
  const places = new Map<string, Placed>();
  for (const [place, event] of log.entries()) {
    if (places.has(event.id)) report('doubled', `${event.id} at ${event.position}`);
    places.set(event.id, { event, place });
  }
  const intents = new Map(
    journal.flatMap((entry) => (entry.kind === 'intent' ? [[entry.append, entry]] : [])),
  );
  const intended = new Set([...intents.values()].flatMap(({ ids }) => ids));
  for (const id of places.keys()) if (!intended.has(id)) report('unknown-event', id);
  for (const intent of intents.values()) judgeWhole(intent, places, report);
  judgeAnswers(journal, intents, places, promises, report);
  return findings;
}

function judgeNumbers(log: readonly RecordedEvent[], { gapless }: Promises, report: Report): void {
  const revisions = new Map<string, bigint>();
  let before = 0n;
  for (const { position, stream, revision } of log) {
    if (gapless ? position !== before + 1n : position <= before) {
      report('position-gap', `${position} after ${before}`);
    }
    before = position;
    const expected = revisions.get(stream) ?? 0n;
    if (revision !== expected) report('revision-gap', `${stream} has ${revision} where ${expected} was due`);
    revisions.set(stream, revision + 1n);
  }
}

function judgeWhole(intent: Intent, places: ReadonlyMap<string, Placed>, report: Report): void {
  const stored = intent.ids.flatMap((id) => places.get(id) ?? []);
  const [first] = stored;
  if (first === undefined) return;
  const whole =
    stored.length === intent.ids.length &&
    stored.every(
      ({ event, place }, index) => place === first.place + index && event.stream === intent.stream,
    );
  if (!whole) report('torn-batch', `${intent.append}: ${stored.length} of ${intent.ids.length}`);
  const base = first.event.revision - 1n;
  const kept =
    intent.expected === 'any' ||
    (intent.expected === 'no_stream' ? base === -1n : base === BigInt(intent.expected));
  if (!kept) report('expectation-broken', `${intent.append} expected ${intent.expected}, follows ${base}`);
}

/** Every answer is true for good, and every append got one in the end: appenders ask until they know. */
function judgeAnswers(
  journal: readonly JournalEntry[],
  intents: ReadonlyMap<string, Intent>,
  places: ReadonlyMap<string, Placed>,
  { tellsDuplicates }: Promises,
  report: Report,
): void {
  const first = new Map<string, Acknowledgement>();
  const refused = new Set<string>();
  for (const entry of journal) {
    const intent = intents.get(entry.append);
    if (intent === undefined || entry.kind === 'intent') continue;
    if (entry.kind === 'refused') {
      refused.add(entry.append);
      if (intent.ids.some((id) => places.has(id))) report('refused-stored', entry.append);
      if (intent.expected === 'any') report('refused-wrongly', entry.append);
      continue;
    }
    const before = first.get(entry.append);
    const same = before?.position === entry.position && before.revision === entry.revision;
    if (before === undefined) judgeAcknowledged(intent, entry, places, report);
    else if (!same || (tellsDuplicates && !entry.duplicate)) {
      report('acknowledged-changed', `${entry.append}: ${before.position} then ${entry.position}`);
    }
    first.set(entry.append, entry);
  }
  for (const append of intents.keys()) {
    if (!first.has(append) && !refused.has(append)) report('unresolved', append);
  }
}

function judgeAcknowledged(
  intent: Intent,
  told: Acknowledgement,
  places: ReadonlyMap<string, Placed>,
  report: Report,
): void {
  const last = places.get(intent.ids.at(-1) ?? '')?.event;
  if (last === undefined) report('acknowledged-lost', told.append);
  else if (last.position.toString() !== told.position || last.revision.toString() !== told.revision) {
    report('acknowledged-changed', `${told.append}: told ${told.position}, stored at ${last.position}`);
  }
}

/** What a subscriber, or another reader, saw of an event. */
export interface Noted {
  readonly position: bigint;
  readonly id: string;
  readonly digest: string;
}

/** Compares what a subscriber or the reader of a stream saw, in the order of seeing, with the part of the log that it asked for. */
export function judgeReader(name: string, wanted: readonly Noted[], seen: readonly Noted[]): Finding[] {
  const findings: Finding[] = [];
  const report = (kind: FindingKind, position: bigint): void =>
    void findings.push({ kind, detail: `${name}: ${position}` });
  const expected = new Map(wanted.map((event, place) => [event.id, { ...event, place }]));
  const ids = new Set<string>();
  let before = -1;
  for (const { position, id, digest } of seen) {
    const event = expected.get(id);
    if (ids.has(id)) report('reader-doubled', position);
    else if (event === undefined) report('unknown-event', position);
    else {
      if (event.position !== position || event.digest !== digest) report('reader-changed', position);
      if (event.place <= before) report('reader-disordered', position);
      before = event.place;
    }
    ids.add(id);
  }
  for (const { id, position } of wanted) if (!ids.has(id)) report('reader-missed', position);
  return findings;
}
