import { setTimeout as pause } from 'node:timers/promises';
import { chainStream } from '@abland/domain';
import { openEventStore } from '@abland/event-codec';
import { type EventStore, silentLogger } from '@abland/kernel';
import { SeededRandom } from '@abland/testing/seeded-random';
import pg from 'pg';
import { transferBlock } from './dex-log.js';

/** A chain of its own, whose blocks nothing else tells. */
const CHAIN_ID = 31_416;
const EVERY_MS = 100;
/** Far more than an event may take: it is counted as such. */
const GIVE_UP_MS = 10_000;
const LOOK_AGAIN_MS = 1;

/**
 * While builds are being read in, appends an event now and then, as another program does, and asks for what it tells until that is
 * answered. Returns the milliseconds of each; ends with `work`.
 */
export async function visibleBeside(url: string, work: Promise<unknown>): Promise<readonly number[]> {
  const store = await openEventStore(url, silentLogger);
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  let isOver = false;
  const over = work.finally(() => (isOver = true)).catch(() => undefined);
  const taken: number[] = [];
  const random = new SeededRandom(Date.now());
  let block = await nextBlock(store);
  while (!isOver) {
    await Promise.race([over, pause(EVERY_MS)]);
    if (isOver || !(await areBuilding(client))) continue;
    taken.push(await visibleAfter(store, client, { block, holder: random.address() }));
    block += 1;
  }
  await client.end();
  await store.close();
  await work;
  return taken;
}

async function visibleAfter(
  store: EventStore,
  client: pg.Client,
  { block, holder }: { readonly block: number; readonly holder: string },
): Promise<number> {
  const begun = performance.now();
  await store.append(chainStream(CHAIN_ID), transferBlock(CHAIN_ID, block, holder), 'any');
  for (;;) {
    const { rowCount } = await client.query({
      name: 'visible',
      text: 'SELECT FROM read_model.holdings WHERE chain_id = $1 AND holder = $2',
      values: [CHAIN_ID, holder],
    });
    const took = performance.now() - begun;
    if (rowCount === 1 || took > GIVE_UP_MS) return took;
    await pause(LOOK_AGAIN_MS);
  }
}

async function areBuilding(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ building: boolean }>(
    `SELECT to_regclass('projections.builds') IS NOT NULL AS building`,
  );
  if (rows[0]?.building !== true) return false;
  const { rowCount } = await client.query(`SELECT FROM projections.builds WHERE state = 'BUILDING' LIMIT 1`);
  return rowCount === 1;
}

/** After the blocks of the runs before. */
async function nextBlock(store: EventStore): Promise<number> {
  let blocks = 0;
  for await (const page of store.readStream(chainStream(CHAIN_ID)))
    blocks += page.filter(({ type }) => type === 'BlockIngested').length;
  return blocks + 1;
}
