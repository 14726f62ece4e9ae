import { createTestDatabase, type TestDatabase } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { migrateReadAhead } from './migrate.js';
import { type ClaimedRange, PostgresReadAhead, type PostgresReadAheadOptions } from './read-ahead.js';

const FRONTIER = { epoch: 1n, next: 0, last: 99, rangeSize: 10 };
const BLOCKS = Buffer.from('blocks');

describe('ranges of a chain that are read ahead', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined); // dropping the database ends idle connections
    await migrateReadAhead(pool);
  });
  afterEach(async () => {
    await pool.end();
    await database.drop();
  });

  const open = (options: Partial<PostgresReadAheadOptions> = {}): PostgresReadAhead =>
    new PostgresReadAhead({ pool, chainId: 1, reading: 'a', ownRanges: 2, ...options });
  const claimed = async (reader: PostgresReadAhead): Promise<ClaimedRange> => {
    const range = await reader.claim();
    if (range === null) throw new RangeError('Nothing to read');
    return range;
  };
  const firstOf = async (reader: PostgresReadAhead): Promise<number | null> =>
    (await reader.claim())?.first ?? null;

  it('are none where nobody publishes, and those behind the ones that the publisher reads itself where somebody does', async () => {
    const publisher = open();
    expect(await open().claim()).toBeNull();
    expect(await publisher.tell(FRONTIER)).toBe(false);
    expect(await claimed(open())).toMatchObject({ first: 20, last: 29 });
    expect(await publisher.tell({ ...FRONTIER, next: 5 })).toBe(true);
  });

  it('are each read by one at a time, however many ask at once, and never beyond what is final', async () => {
    await open().tell({ ...FRONTIER, last: 57 });
    const readers = Array.from({ length: 8 }, () => open());
    const firsts: (number | null)[] = [];
    for (let round = 0; round < 3; round += 1) firsts.push(...(await Promise.all(readers.map(firstOf))));
    expect(firsts.filter((first) => first !== null).sort()).toEqual([20, 30, 40]);
  });

  it('are handed over once, and are read again by nobody meanwhile', async () => {
    const [publisher, reader] = [open(), open()];
    await publisher.tell(FRONTIER);
    const range = await claimed(reader);
    expect(await reader.deliver(range, BLOCKS)).toBe(true);
    expect(await reader.deliver(range, BLOCKS)).toBe(false);
    expect(await firstOf(open())).toBe(30);
    expect(await publisher.take(20, 29)).toEqual(BLOCKS);
    expect(await publisher.take(20, 29)).toBeNull();
  });

  it('are another’s to read once whoever claimed them did not come back in time', async () => {
    await open().tell(FRONTIER);
    const gone = open({ claimMs: 0 });
    const range = await claimed(gone);
    expect(await firstOf(open())).toBe(range.first);
    expect(await gone.deliver(range, BLOCKS)).toBe(false);
  });

  it('are another’s to read where they were claimed before the clock was set back, and none of a publisher of then', async () => {
    await open().tell(FRONTIER);
    const range = await claimed(open());
    await pool.query(`UPDATE read_ahead.ranges SET expires_at = expires_at + interval '1 hour'`);
    expect(await firstOf(open())).toBe(range.first);
    await pool.query(`UPDATE read_ahead.frontiers SET told_at = told_at + interval '1 hour'`);
    expect(await firstOf(open())).toBeNull();
  });

  it('are the publisher’s where it has come to them first', async () => {
    const [publisher, reader] = [open(), open()];
    await publisher.tell(FRONTIER);
    const range = await claimed(reader);
    expect(await publisher.take(range.first, range.last)).toBeNull();
    expect(await reader.deliver(range, BLOCKS)).toBe(false);
    const passed = await claimed(reader);
    await publisher.tell({ ...FRONTIER, next: passed.last + 1 });
    expect(await reader.deliver(passed, BLOCKS)).toBe(false);
  });

  it('outlive whoever published and whoever read them', async () => {
    const reader = open();
    await open().tell(FRONTIER);
    await reader.deliver(await claimed(reader), BLOCKS);
    expect(await open().tell({ ...FRONTIER, epoch: 2n })).toBe(true);
    await open().tell({ ...FRONTIER, epoch: 1n, next: 90 }); // it was followed, and does not know it yet
    expect(await open().take(20, 29)).toEqual(BLOCKS);
  });

  it('are nothing to a publisher that reads blocks otherwise, nor are its ranges to others', async () => {
    const reader = open();
    await open().tell(FRONTIER);
    await reader.deliver(await claimed(reader), BLOCKS);
    const other = open({ reading: 'b' });
    expect(await other.take(20, 29)).toBeNull();
    expect(await other.tell({ ...FRONTIER, epoch: 2n })).toBe(false);
    expect(await reader.claim()).toBeNull();
    expect(await firstOf(open({ reading: 'b' }))).toBe(20);
  });

  it('are read no further than a bound of ranges and of bytes', async () => {
    await open().tell({ ...FRONTIER, last: 9_999 });
    const reader = open({ rangesMax: 5 });
    expect([await firstOf(reader), await firstOf(reader), await firstOf(reader)]).toEqual([20, 30, 40]);
    expect(await reader.claim()).toBeNull();
    await pool.query('UPDATE read_ahead.ranges SET blocks = $1 WHERE first_block = 20', [BLOCKS]);
    expect(await open({ bytesMax: BLOCKS.length }).claim()).toBeNull();
    expect(await open({ bytesMax: BLOCKS.length + 1 }).claim()).not.toBeNull();
  });

  it('are each chain’s own', async () => {
    await open().tell(FRONTIER);
    expect(await open({ chainId: 2 }).claim()).toBeNull();
  });
});
