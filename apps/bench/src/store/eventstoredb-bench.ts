import { fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { median, type ResultRow } from '../report/results.js';
import { loadAppends } from './append-load.js';
import { newStream } from './append-subjects.js';
import { type EventStoreDbSubjects, eventStoreDbSubjects } from './eventstoredb-subjects.js';
import { compareAppends, type Settings, timeReads } from './measure.js';
import { sampleEvents } from './sample-events.js';

const STAND_IN = fileURLToPath(
  new URL('./stand-in-process.js', import.meta.resolve('@abland/testing/eventstoredb')),
);
/** The stand-in keeps its log in memory and sends it at a tenth of a real server's speed. */
const STAND_IN_EVENTS = 50_000;

/** @param server a connection string, or `stand-in`: then the rows say so, and are of no use against other stores */
export async function benchEventStoreDb(server: string, settings: Settings): Promise<ResultRow[]> {
  const rows: ResultRow[] = [];
  await withSubjects(server, async (subjects, name) =>
    rows.push(...(await appendRows(subjects, name, settings))),
  );
  await withSubjects(server, async (subjects, name) => rows.push(await readRow(subjects, name, settings)));
  return rows;
}

async function appendRows(
  { appends }: EventStoreDbSubjects,
  name: string,
  settings: Settings,
): Promise<ResultRow[]> {
  for (const subject of appends) await loadAppends(subject, 16, 1, settings.milliseconds / 2);
  const rows: ResultRow[] = [];
  for (const callers of [64, 256]) {
    rows.push(
      ...(await compareAppends(
        `${name}: append one event, ${callers} callers`,
        appends,
        callers,
        1,
        settings,
      )),
    );
  }
  rows.push(
    ...(await compareAppends(`${name}: append batches of 100, 16 callers`, appends, 16, 100, settings)),
  );
  return rows;
}

async function readRow(
  { appends, reads }: EventStoreDbSubjects,
  name: string,
  settings: Settings,
): Promise<ResultRow> {
  const [ours] = appends;
  for (let stored = 0; stored < STAND_IN_EVENTS; stored += 5_000)
    await ours.append(newStream(), sampleEvents(5_000));
  const figures = await timeReads(reads, settings);
  return {
    work: `${name}: read all in order`,
    unit: 'events/s',
    ours: median(figures['ours'] ?? []),
    peers: { 'bare client': median(figures['bare client'] ?? []) },
    limit: null,
    runs: figures['ours'] ?? [],
  };
}

async function withSubjects(
  server: string,
  work: (subjects: EventStoreDbSubjects, name: string) => Promise<unknown>,
): Promise<void> {
  const standIn = server === 'stand-in' ? fork(STAND_IN) : null;
  try {
    const url = standIn === null ? server : String((await once(standIn, 'message'))[0]);
    const subjects = eventStoreDbSubjects(url);
    await work(subjects, standIn === null ? 'EventStoreDB' : 'stand-in for EventStoreDB');
    for (const subject of subjects.appends) await subject.close();
  } finally {
    standIn?.kill();
  }
}
