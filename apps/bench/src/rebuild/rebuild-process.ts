import { openEventStore } from '@abland/event-codec';
import { silentLogger } from '@abland/kernel';
import { openPool } from '@abland/postgres';
import {
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
}

const FIVE = ['tokens', 'pools', 'swaps', 'holdings', 'candles'];
const store = await openEventStore(url, silentLogger);
const pool = openPool({ connectionString: url, name: 'bench', max: 5, logger: silentLogger });
const rebuild = async (projections: readonly string[]): Promise<number> => {
  await rebuildProjections({ pool, store, projections, logger: silentLogger, clock: Date.now });
  return Number(await store.head());
};

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

const WAYS: Readonly<Record<string, () => Promise<number>>> = {
  five: () => rebuild(FIVE),
  all: () => rebuild(PROJECTION_NAMES),
  follow,
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
};
process.stdout.write(JSON.stringify(taken));
await store.close();
await pool.end();
process.exit(0);
