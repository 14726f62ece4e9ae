import { median, type ResultRow } from '../report/results.js';
import { loadAppends, type LoadFigures } from './append-load.js';
import type { AppendSubject } from './append-subjects.js';
import type { ReadSubject } from './read-subjects.js';

export interface Settings {
  readonly runs: number;
  readonly milliseconds: number;
  readonly events: number;
  readonly say: (text: string) => void;
}

/** Events a second of each, by turns. */
export async function timeReads(
  subjects: Readonly<Record<string, ReadSubject>>,
  { runs, say }: Settings,
): Promise<Record<string, number[]>> {
  const figures: Record<string, number[]> = {};
  for (let run = 1; run <= runs; run += 1) {
    say(`read all: run ${run} of ${runs}`);
    for (const [name, read] of Object.entries(subjects)) {
      const start = performance.now();
      const count = await read();
      (figures[name] ??= []).push((count / (performance.now() - start)) * 1_000);
    }
  }
  return figures;
}

/** Rows of throughput and p99, each subject by turns in every run. A subject that is a limit is no peer. */
export async function compareAppends(
  work: string,
  subjects: readonly AppendSubject[],
  callers: number,
  batch: number,
  settings: Settings,
): Promise<ResultRow[]> {
  const figures = new Map<string, LoadFigures[]>(subjects.map(({ name }) => [name, []]));
  for (let run = 1; run <= settings.runs; run += 1) {
    settings.say(`${work}: run ${run} of ${settings.runs}`);
    for (const subject of subjects) {
      figures.get(subject.name)?.push(await loadAppends(subject, callers, batch, settings.milliseconds));
    }
  }
  const row = (unit: string, label: string, pick: (figure: LoadFigures) => number): ResultRow => {
    const of = (name: string): number[] => (figures.get(name) ?? []).map(pick);
    const peers = subjects.filter(({ name }) => name !== 'ours' && name !== 'COPY');
    return {
      work: label,
      unit,
      ours: median(of('ours')),
      peers: Object.fromEntries(peers.map(({ name }) => [name, median(of(name))])),
      limit: figures.has('COPY') ? median(of('COPY')) : null,
      runs: of('ours'),
    };
  };
  return [
    row('events/s', work, ({ eventsPerSecond }) => eventsPerSecond),
    row('ms', `${work}, p99`, ({ p99Ms }) => p99Ms),
  ];
}
