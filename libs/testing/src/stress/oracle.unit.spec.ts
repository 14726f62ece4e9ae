import type { RecordedEvent } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import type { JournalEntry } from './appender-journal.js';
import { judgeLog, judgeReader, type Noted } from './oracle.js';

/** Appends as they were asked for and answered, and the log that they should have made. */
function history(): { log: RecordedEvent[]; journal: JournalEntry[] } {
  const log: RecordedEvent[] = [];
  const journal: JournalEntry[] = [];
  const revisions = new Map<string, number>();
  const append = (name: string, stream: string, expected: string, size: number): void => {
    const ids = Array.from({ length: size }, (_, index) => `${name}${index}`);
    journal.push({ kind: 'intent', append: name, stream, expected, ids });
    for (const id of ids) {
      const revision = revisions.get(stream) ?? 0;
      revisions.set(stream, revision + 1);
      log.push({
        ...{ id, stream, revision: BigInt(revision), position: BigInt(log.length + 1) },
        ...{ type: 'T', version: 1, data: {}, recordedAt: '' },
        metadata: { correlationId: '', causationId: null, actor: '' },
      });
    }
    const last = log.at(-1) as RecordedEvent;
    const told = { revision: last.revision.toString(), position: last.position.toString() };
    journal.push({ kind: 'acknowledged', append: name, ...told, duplicate: false });
  };
  append('a', 's', 'no_stream', 1);
  append('b', 't', 'any', 3);
  append('c', 's', '0', 2);
  append('d', 's', 'any', 1);
  journal.push({ kind: 'intent', append: 'e', stream: 's', expected: '1', ids: ['e0'] });
  journal.push({ kind: 'refused', append: 'e', code: 'WRONG_EXPECTED_REVISION' });
  journal.push({ kind: 'acknowledged', append: 'b', revision: '2', position: '4', duplicate: true });
  return { log, journal };
}

const STRICT = { gapless: true, tellsDuplicates: true };
const kinds = (log: readonly RecordedEvent[], journal: readonly JournalEntry[]): string[] => [
  ...new Set(judgeLog(log, journal, STRICT).map(({ kind }) => kind)),
];
/** The log with positions and revisions in order again, as a store that lost or added something would have it. */
function renumbered(log: readonly RecordedEvent[]): RecordedEvent[] {
  const revisions = new Map<string, bigint>();
  return log.map((event, index) => {
    const revision = revisions.get(event.stream) ?? 0n;
    revisions.set(event.stream, revision + 1n);
    return { ...event, position: BigInt(index + 1), revision };
  });
}
const at = (log: readonly RecordedEvent[], index: number): RecordedEvent => log[index] as RecordedEvent;

describe('the oracle, of a log and its appenders’ journals', () => {
  it('finds nothing in what is right', () => {
    const { log, journal } = history();
    expect(judgeLog(log, journal, STRICT)).toEqual([]);
  });

  it.each<[string, string, (log: RecordedEvent[]) => RecordedEvent[]]>([
    ['a lost acknowledged append', 'acknowledged-lost', (log) => renumbered(log.slice(0, -1))],
    [
      'a gap in the positions',
      'position-gap',
      (log) => log.filter(({ id }) => id !== 'd0').concat({ ...at(log, 6), position: 9n }),
    ],
    ['a gap in a stream', 'revision-gap', (log) => log.with(6, { ...at(log, 6), revision: 7n })],
    ['an event stored twice', 'doubled', (log) => renumbered([...log, at(log, 0)])],
    ['half a batch', 'torn-batch', (log) => renumbered(log.filter(({ id }) => id !== 'b1'))],
    [
      'a batch with another event in it',
      'torn-batch',
      (log) => renumbered([at(log, 0), at(log, 1), at(log, 4), at(log, 2), at(log, 3), ...log.slice(5)]),
    ],
    [
      'a refused append that is stored',
      'refused-stored',
      (log) => renumbered([...log, { ...at(log, 0), id: 'e0' }]),
    ],
    [
      'an event that nobody asked for',
      'unknown-event',
      (log) => renumbered([...log, { ...at(log, 0), id: 'rolled-back' }]),
    ],
    [
      'an expectation that was not kept',
      'expectation-broken',
      (log) => renumbered([at(log, 6), ...log.slice(0, 6)]),
    ],
    [
      'an append elsewhere than was told',
      'acknowledged-changed',
      (log) => renumbered([...log.slice(1, 4), at(log, 0), ...log.slice(4)]),
    ],
  ])('finds %s', (_what, kind, damage) => {
    const { log, journal } = history();
    expect(kinds(damage(log), journal)).toContain(kind);
  });

  it.each<[string, string, (journal: JournalEntry[]) => JournalEntry[]]>([
    [
      'a repetition told as the first append',
      'acknowledged-changed',
      (journal) =>
        journal.map((entry) => (entry.kind === 'acknowledged' ? { ...entry, duplicate: false } : entry)),
    ],
    [
      'a repetition told with another place',
      'acknowledged-changed',
      (journal) =>
        journal.map((entry) =>
          entry.kind === 'acknowledged' && entry.duplicate ? { ...entry, position: '5' } : entry,
        ),
    ],
    [
      'an append without an answer',
      'unresolved',
      (journal) => journal.filter((entry) => entry.kind === 'intent' || entry.append !== 'd'),
    ],
    [
      'a refusal of what expected nothing',
      'refused-wrongly',
      (journal) =>
        journal.map((entry) =>
          entry.kind === 'intent' && entry.append === 'e' ? { ...entry, expected: 'any' } : entry,
        ),
    ],
  ])('finds %s', (_what, kind, damage) => {
    const { log, journal } = history();
    expect(kinds(log, damage(journal))).toContain(kind);
  });
});

describe('the oracle, of what a reader saw', () => {
  const wanted: readonly Noted[] = [1n, 2n, 4n, 5n].map((position) => ({
    position,
    id: `id-${position}`,
    digest: `digest-${position}`,
  }));
  const [one, two, four, five] = wanted as [Noted, Noted, Noted, Noted];

  it.each<[string, string[], readonly Noted[]]>([
    ['nothing where all was seen once, in order', [], wanted],
    ['a missed event', ['reader-missed'], [one, two, five]],
    ['a missed end', ['reader-missed'], [one, two, four]],
    ['an event seen twice', ['reader-doubled'], [one, two, two, four, five]],
    ['an event seen again later', ['reader-doubled'], [one, two, four, five, one]],
    ['events in another order', ['reader-disordered'], [one, four, two, five]],
    ['an event at another position', ['reader-changed'], [one, { ...two, position: 3n }, four, five]],
    ['an event with another content', ['reader-changed'], [one, two, { ...four, digest: 'x' }, five]],
    ['an event that it did not ask for', ['unknown-event'], [one, two, { ...one, id: 'id-3' }, four, five]],
  ])('finds %s', (_what, found, seen) => {
    expect([...new Set(judgeReader('s', wanted, seen).map(({ kind }) => kind))]).toEqual(found);
  });
});
