import { openEventStore } from '@abland/event-codec';
import { type EventStore, silentLogger } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import {
  beginRebuild,
  listBuilds,
  migrateProjections,
  PROJECTION_NAMES,
  projectionStatus,
  rebuildProjections,
  startProjections,
} from '@abland/projections';
import { emmettRebuild } from './emmett-rebuild.js';
import { naiveRebuild } from './naive-rebuild.js';

/** One way over the log, in a process of its own: `rebuild-process.js <database> <way>` tells what it took, as JSON. */
const [url = '', way = ''] = process.argv.slice(2);

export interface Taken {
  readonly events: number;
  readonly seconds: number;
  /** Of this process, all its threads. */
  readonly cpuSeconds: number;
  readonly peakMiB: number;
  /** Events a second in the first and in the last tenth of the log; of what goes over it in one pass. */
  readonly tenths?: readonly [first: number, last: number];
}

const FIVE = ['tokens', 'pools', 'swaps', 'holdings', 'candles'];
const store = await openEventStore(url, silentLogger);
const pool = openPool({ connectionString: url, name: 'bench', max: 5, logger: silentLogger });
/** When what was read had come to which position. */
const passed: { readonly at: number; readonly position: bigint }[] = [];
const watched: EventStore = Object.create(store, {
  subscribeToAll: {
    value: async function* (options: Parameters<EventStore['subscribeToAll']>[0]) {
      passed.push({ at: performance.now(), position: options.after ?? 0n });
      for await (const batch of store.subscribeToAll(options)) {
        passed.push({ at: performance.now(), position: batch.scannedTo });
        yield batch;
      }
    },
  },
});
const rebuild = async (projections: readonly string[]): Promise<number> => {
  await rebuildProjections({ pool, store: watched, projections, logger: silentLogger, clock: Date.now });
  return Number(await store.head());
};

/** How long a tenth of the log took to come by, as a rate; the last batch of it is folded by then, or nearly. */
function tenthsOf(events: number): readonly [first: number, last: number] {
  const reached = (part: number): number =>
    passed.find(({ position }) => Number(position) >= events * part)?.at ?? performance.now();
  const rate = (from: number, to: number): number => events / 10 / ((reached(to) - reached(from)) / 1_000);
  return [rate(0, 0.1), rate(0.9, 1)];
}

/** Live builds that are empty, with all their indexes. */
async function follow(): Promise<number> {
  const running = startProjections({ pool, store, logger: silentLogger, clock: Date.now });
  const head = (await store.head()) ?? 0n;
  const isLevel = async (): Promise<boolean> =>
    (await projectionStatus(pool, head)).every(({ behind }) => behind === 0n);
  while (!(await isLevel())) await new Promise((resolve) => setTimeout(resolve, 50));
  await running.stop();
  return Number(head);
}

/** All anew beside the live ones, which are followed meanwhile, by the program that does both; until all of it is ready. */
async function beside(): Promise<number> {
  const running = startProjections({ pool, store, logger: silentLogger, clock: Date.now });
  for (const projection of PROJECTION_NAMES)
    await beginRebuild({ pool, projection, askedBy: 'bench', reason: 'measured', promotesItself: false });
  const isReady = async (): Promise<boolean> =>
    (await listBuilds(pool)).every(({ state }) => state !== 'BUILDING');
  while (!(await isReady())) await new Promise((resolve) => setTimeout(resolve, 200));
  await running.stop();
  return Number(await store.head());
}

const WAYS: Readonly<Record<string, () => Promise<number>>> = {
  five: () => rebuild(FIVE),
  all: () => rebuild(PROJECTION_NAMES),
  follow,
  beside,
  naive: () => naiveRebuild(url, store),
  emmett: () => emmettRebuild(url),
};
await migrateProjections(pool);
const begun = performance.now();
const before = process.cpuUsage();
const events = (await WAYS[way]?.()) ?? 0;
const used = process.cpuUsage(before);
const taken: Taken = {
  events,
  seconds: (performance.now() - begun) / 1_000,
  cpuSeconds: (used.user + used.system) / 1e6,
  peakMiB: Math.round(process.resourceUsage().maxRSS / 1_024),
  ...(way === 'all' ? { tenths: tenthsOf(events) } : {}),
};
process.stdout.write(JSON.stringify(taken));
await store.close();
await pool.end();
process.exit(0);
