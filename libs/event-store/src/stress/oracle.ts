import type { RecordedEvent } from '@abland/kernel';
import type { JournalEntry } from './appender-journal.js';

export type FindingKind =
  | 'position-gap'
  | 'revision-gap'
  | 'acknowledged-lost'
  | 'acknowledged-changed'
  | 'doubled'
  | 'torn-batch'
  | 'refused-stored'
  | 'unknown-event'
  | 'expectation-broken'
  | 'subscriber-missed'
  | 'subscriber-doubled'
  | 'subscriber-disordered';

export interface Finding {
  readonly kind: FindingKind;
  readonly detail: string;
}

type Acknowledgement = Extract<JournalEntry, { kind: 'acknowledged' }>;
type Intent = Extract<JournalEntry, { kind: 'intent' }>;

/** Compares the log with what its appenders were told. */
export function judgeLog(log: readonly RecordedEvent[], journal: readonly JournalEntry[]): Finding[] {
  const findings: Finding[] = [];
  const report = (kind: FindingKind, detail: string): void => void findings.push({ kind, detail });
  judgeNumbers(log, report);
  const places = new Map<string, RecordedEvent>();
  for (const event of log) {
    if (places.has(event.id)) report('doubled', `${event.id} at ${event.position}`);
    places.set(event.id, event);
  }
  const intents = new Map(
    journal.flatMap((entry) => (entry.kind === 'intent' ? [[entry.append, entry]] : [])),
  );
  const intended = new Set([...intents.values()].flatMap(({ ids }) => ids));
  for (const id of places.keys()) if (!intended.has(id)) report('unknown-event', id);
  for (const intent of intents.values()) judgeWhole(intent, places, report);
  const first = new Map<string, Acknowledgement>();
  for (const entry of journal) {
    const intent = intents.get(entry.append);
    if (intent === undefined || entry.kind === 'intent') continue;
    if (entry.kind === 'refused') {
      if (intent.ids.some((id) => places.has(id))) report('refused-stored', entry.append);
      continue;
    }
    const before = first.get(entry.append);
    if (before === undefined) judgeAcknowledged(intent, entry, places, report);
    else if (!entry.duplicate || before.position !== entry.position || before.revision !== entry.revision) {
      report('acknowledged-changed', `${entry.append}: ${before.position} then ${entry.position}`);
    }
    first.set(entry.append, entry);
  }
  return findings;
}

type Report = (kind: FindingKind, detail: string) => void;

function judgeNumbers(log: readonly RecordedEvent[], report: Report): void {
  const revisions = new Map<string, bigint>();
  for (const [index, { position, stream, revision }] of log.entries()) {
    if (position !== BigInt(index + 1)) report('position-gap', `${position} in place ${index + 1}`);
    const expected = revisions.get(stream) ?? 0n;
    if (revision !== expected) report('revision-gap', `${stream} has ${revision} where ${expected} was due`);
    revisions.set(stream, revision + 1n);
  }
}

function judgeWhole(intent: Intent, places: ReadonlyMap<string, RecordedEvent>, report: Report): void {
  const stored = intent.ids.flatMap((id) => places.get(id) ?? []);
  if (stored.length === 0) return;
  const start = stored[0]?.position ?? 0n;
  const whole =
    stored.length === intent.ids.length &&
    stored.every(
      ({ position, stream }, index) => position === start + BigInt(index) && stream === intent.stream,
    );
  if (!whole) report('torn-batch', `${intent.append}: ${stored.length} of ${intent.ids.length}`);
  const base = (stored[0]?.revision ?? 0n) - 1n;
  const kept =
    intent.expected === 'any' ||
    (intent.expected === 'no_stream' ? base === -1n : base === BigInt(intent.expected));
  if (!kept) report('expectation-broken', `${intent.append} expected ${intent.expected}, follows ${base}`);
}

function judgeAcknowledged(
  intent: Intent,
  told: Acknowledgement,
  places: ReadonlyMap<string, RecordedEvent>,
  report: Report,
): void {
  const last = places.get(intent.ids.at(-1) ?? '');
  if (last === undefined) report('acknowledged-lost', told.append);
  else if (last.position.toString() !== told.position || last.revision.toString() !== told.revision) {
    report('acknowledged-changed', `${told.append}: told ${told.position}, stored at ${last.position}`);
  }
}

/** Compares what a subscriber noted, in the order of noting, with the part of the log that it asked for. */
export function judgeSubscriber(
  name: string,
  wanted: readonly RecordedEvent[],
  seen: readonly { readonly position: bigint; readonly id: string }[],
): Finding[] {
  const findings: Finding[] = [];
  const ids = new Set<string>();
  let before = 0n;
  for (const { position, id } of seen) {
    if (ids.has(id)) findings.push({ kind: 'subscriber-doubled', detail: `${name}: ${position}` });
    else if (position <= before)
      findings.push({ kind: 'subscriber-disordered', detail: `${name}: ${position}` });
    ids.add(id);
    before = position;
  }
  for (const { id, position } of wanted) {
    if (!ids.has(id)) findings.push({ kind: 'subscriber-missed', detail: `${name}: ${position}` });
    ids.delete(id);
  }
  for (const id of ids) findings.push({ kind: 'unknown-event', detail: `${name}: ${id}` });
  return findings;
}
