import { describe, expect, it } from '@jest/globals';
import { silentLogger } from '@abland/kernel';
import type pg from 'pg';
import { BuildFeed } from './build-feed.js';

const BUILD = {
  ...{ id: '3', projection: 'tokens', definition: 'abcdef', version: 1, state: 'LIVE', position: '7' },
  ...{
    handled: '7',
    events_per_second: '0',
    parked: '0',
    defects: '0',
    violations: '0',
    last_violation: null,
    promotes_itself: false,
  },
  ...{ explained: null, activity: 'LIVE', asked_by: 'program', reason: 'first', last_error: null },
  ...{ asked_at: new Date(0), updated_at: new Date(0), target: '7' },
  ...{ seconds_left: 0, seconds_left_within: 0, memory_bytes: '200000000' },
};
const answering = (rows: () => readonly object[]): pg.Pool =>
  ({ query: async () => ({ rows: rows() }) }) as unknown as pg.Pool;
const LOG = { head: async () => 7n } as never;

describe('the builds that are followed', () => {
  it('tell of a new answer once the database that queries read has it, whatever the projector wrote elsewhere', async () => {
    let version = '3-0-6-0';
    const written = answering(() => [BUILD]);
    const replica = answering(() => [{ projection: 'tokens', version }]);
    const feed = new BuildFeed(LOG, written, replica, silentLogger);
    const followed = feed.follow(null);
    const first = await followed.next();
    expect(first.value).toMatchObject({ name: 'tokens', answersVersion: '3-0-6-0' });
    expect(first.value.builds[0].position).toBe(7n);
    version = '3-0-7-0';
    expect((await followed.next()).value).toMatchObject({ name: 'tokens', answersVersion: '3-0-7-0' });
    await followed.return?.();
  });

  it('are told while the database that queries read is away, with the answers that are known', async () => {
    let isAway = true;
    const replica = answering(() => {
      if (isAway) throw Object.assign(new Error('gone'), { code: 'ECONNREFUSED' });
      return [{ projection: 'tokens', version: '3-0-7-0' }];
    });
    const feed = new BuildFeed(
      LOG,
      answering(() => [BUILD]),
      replica,
      silentLogger,
    );
    const versions = async () => (await feed.read()).map(({ answersVersion }) => answersVersion);
    expect(await versions()).toEqual(['']);
    const followed = feed.follow(null);
    expect((await followed.next()).value).toMatchObject({ name: 'tokens', answersVersion: '' });
    isAway = false;
    expect((await followed.next()).value).toMatchObject({ name: 'tokens', answersVersion: '3-0-7-0' });
    isAway = true;
    expect(await versions()).toEqual(['3-0-7-0']);
    await followed.return?.();
  });

  it('are told where the database that queries read says nothing at all', async () => {
    const replica = { query: () => new Promise(() => undefined) } as unknown as pg.Pool;
    const feed = new BuildFeed(
      LOG,
      answering(() => [BUILD]),
      replica,
      silentLogger,
    );
    expect(await feed.read()).toMatchObject([{ name: 'tokens', answersVersion: '' }]);
  });
});
