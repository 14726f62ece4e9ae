import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eachByteChanged } from '../bytes/changed.fixture.js';
import { HASHER, merkleTreeHash } from '../merkle/reference-tree.fixture.js';
import { toUtf8 } from '../bytes/bytes.js';
import { encodeBundle } from '../tiles/entry-bundle.js';
import { followHeads, requireNews, type WatchedLog } from './follow-heads.js';
import { beginFollowing, type FollowedLog, formatFollowed, newestOf, parseFollowed } from './followed-log.js';
import { EMPTY_FRONTIER, rootOf, withLeaves } from './frontier.js';
import { readEntries } from './read-entries.js';
import { entriesOf, keyOf, ORIGIN, SECRET, ServedEntries } from './watched-log.fixture.js';

const KEY = keyOf(SECRET);
const NOW = 1_700_000_000_000;
const begun = (): FollowedLog => beginFollowing([KEY], NOW);

/** One round, as a monitor makes it: what is kept after it, written and read again. */
async function round(followed: FollowedLog, watched: WatchedLog, now = NOW): Promise<FollowedLog> {
  const heads = await followHeads(followed, watched, now, HASHER);
  let { entries } = heads.followed;
  for await (const read of readEntries(entries, heads.top, HASHER)) entries = read;
  return parseFollowed(formatFollowed({ ...heads.followed, entries }));
}

const only = (log: ServedEntries): WatchedLog => ({ logs: [log], others: [] });
const rewritten = (entries: readonly string[], at: number): readonly string[] =>
  entries.with(at, `${entries[at] ?? ''}!`);

/** Sizes up to some around the end of a bundle. */
const SIZE = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 254, max: 258 }) },
);

describe('the frontier of a tree', () => {
  it('has the root of all leaves that were added, however they were', () => {
    const parts = fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 12 });
    fc.assert(
      fc.property(parts, (counts) => {
        const leaves = entriesOf(counts.reduce((sum, count) => sum + count, 0)).map((entry) =>
          HASHER.leaf(toUtf8(entry)),
        );
        let frontier = EMPTY_FRONTIER;
        for (const count of counts)
          frontier = withLeaves(frontier, leaves.slice(frontier.size, frontier.size + count), HASHER);
        expect(frontier.size).toBe(leaves.length);
        expect(rootOf(frontier, HASHER)).toEqual(merkleTreeHash(leaves));
      }),
    );
  });
});

describe('a log that is watched', () => {
  it('may grow as it will', () =>
    fc.assert(
      fc.asyncProperty(fc.array(SIZE, { minLength: 1, maxLength: 5 }), async (sizes) => {
        const log = new ServedEntries(entriesOf(520));
        let followed = begun();
        for (const size of sizes.toSorted((one, other) => one - other)) {
          log.size = size;
          followed = await round(followed, only(log));
          expect([newestOf(followed)?.size, followed.entries.size]).toEqual([size, size]);
        }
      }),
      { numRuns: 25 },
    ));

  it('is told as rewritten wherever an entry of before is another one now', () =>
    fc.assert(
      fc.asyncProperty(SIZE, SIZE, fc.nat(), async (one, more, at) => {
        const log = new ServedEntries(entriesOf(one));
        const followed = await round(begun(), only(log));
        log.served = rewritten(entriesOf(one + more), at % one);
        await expect(round(followed, only(log))).rejects.toMatchObject({ code: 'REWRITTEN' });
      }),
      { numRuns: 40 },
    ));

  it('is told as rewritten where an entry is served that is not the one that was hashed', () =>
    fc.assert(
      fc.asyncProperty(SIZE, fc.nat(), async (size, at) => {
        const log = new ServedEntries(entriesOf(size));
        const changed = at % size;
        const served = new ServedEntries(rewritten(entriesOf(size), changed));
        log.entries = (name) => served.entries(name);
        await expect(round(begun(), only(log))).rejects.toMatchObject({
          code: 'REWRITTEN',
          message: `entry ${changed} is not the one that was hashed`,
        });
      }),
      { numRuns: 40 },
    ));

  it('is told as rewritten where entries and hashes agree, and the signed tree has others', async () => {
    const log = new ServedEntries(entriesOf(300));
    const other = new ServedEntries(rewritten(entriesOf(300), 5));
    log.entries = (name) => other.entries(name);
    log.tile = (name) => (name.level === 0 && name.number === 0 ? other.tile(name) : tile(name));
    const tile = ServedEntries.prototype.tile.bind(log);
    await expect(round(begun(), only(log))).rejects.toMatchObject({
      code: 'REWRITTEN',
      message: 'the first 256 entries are not those of the tree that is signed',
    });
  });

  it('is told as split where two of one size are signed, at one place or at two', async () => {
    const log = new ServedEntries(entriesOf(9));
    const followed = await round(begun(), only(log));
    const other = new ServedEntries(rewritten(entriesOf(9), 8));
    await expect(round(followed, only(other))).rejects.toMatchObject({
      code: 'SPLIT_VIEW',
      evidence: [await log.checkpoint(), await other.checkpoint()],
    });
    const elsewhere = new ServedEntries(rewritten(entriesOf(9), 8), 'https://two.example/log');
    const split = { code: 'SPLIT_VIEW' };
    await expect(round(begun(), { logs: [log, elsewhere], others: [] })).rejects.toMatchObject(split);
    await expect(round(begun(), { logs: [log], others: [elsewhere] })).rejects.toMatchObject(split);
  });

  it('is told as split where the tree at one place is no beginning of that at another, whichever is larger', () =>
    fc.assert(
      fc.asyncProperty(SIZE, SIZE, fc.nat(), fc.boolean(), async (one, more, at, isFirst) => {
        const log = new ServedEntries(entriesOf(one));
        const larger = rewritten(entriesOf(one + more), at % one);
        const elsewhere = new ServedEntries(larger, 'https://two.example/log');
        const watched: WatchedLog = { logs: isFirst ? [log, elsewhere] : [elsewhere, log], others: [] };
        await expect(round(begun(), watched)).rejects.toMatchObject({ code: 'SPLIT_VIEW' });
      }),
      { numRuns: 25 },
    ));

  it('is held against a witness’s larger tree once it has grown so far, were that years later', async () => {
    const log = new ServedEntries(entriesOf(10));
    const witness = new ServedEntries(rewritten(entriesOf(20), 3), 'https://witness.example');
    let followed = await round(begun(), { logs: [log], others: [witness] });
    witness.served = entriesOf(25);
    followed = await round(followed, { logs: [log], others: [witness] });
    expect(newestOf(followed)?.size).toBe(10);
    log.served = entriesOf(20);
    await expect(round(followed, { logs: [log], others: [witness] })).rejects.toMatchObject({
      code: 'SPLIT_VIEW',
      at: witness.url,
    });
  });

  it('is told as shrunk where a place tells a smaller tree than before, whatever others tell', () =>
    fc.assert(
      fc.asyncProperty(SIZE, SIZE, async (size, fewer) => {
        fc.pre(fewer < size);
        const log = new ServedEntries(entriesOf(size));
        const elsewhere = new ServedEntries(entriesOf(size), 'https://two.example/log');
        const watched: WatchedLog = { logs: [log, elsewhere], others: [] };
        const followed = await round(begun(), watched);
        log.size = fewer;
        await expect(round(followed, watched)).rejects.toMatchObject({ code: 'SHRUNK', at: log.url });
      }),
      { numRuns: 15 },
    ));

  it('may be behind at another place', async () => {
    const [log, behind] = [
      new ServedEntries(entriesOf(9)),
      new ServedEntries(entriesOf(4), 'https://b.example'),
    ];
    let followed = await round(begun(), { logs: [log, behind], others: [] });
    behind.served = entriesOf(5);
    followed = await round(followed, { logs: [behind, log], others: [] });
    expect(followed.places.map(({ proven, url }) => [url, proven?.size])).toEqual([
      [behind.url, 5],
      [log.url, 9],
    ]);
  });

  it('keeps what a place told that is not asked any more', async () => {
    const gone = new ServedEntries(entriesOf(9), 'https://gone.example');
    let followed = await round(begun(), only(gone));
    const log = new ServedEntries(rewritten(entriesOf(4), 1));
    followed = await round(followed, only(log));
    log.served = rewritten(entriesOf(12), 1);
    await expect(round(followed, only(log))).rejects.toMatchObject({ code: 'SPLIT_VIEW', at: gone.url });
  });

  it('is not believed with another key, or none', async () => {
    const log = new ServedEntries(entriesOf(3));
    const note = await log.checkpoint();
    log.secret = new Uint8Array(32).fill(8);
    await expect(round(begun(), only(log))).rejects.toMatchObject({ code: 'WRONG_KEY', at: log.url });
    const forged = note.replace('\n3\n', '\n4\n');
    log.checkpoint = async () => forged;
    await expect(round(begun(), only(log))).rejects.toMatchObject({ code: 'WRONG_KEY', evidence: [forged] });
    log.checkpoint = async () => note.replaceAll(ORIGIN, 'example.com/other');
    await expect(round(begun(), only(log))).rejects.toMatchObject({ code: 'WRONG_KEY' });
    log.checkpoint = async () => '<html>Sign in to the network</html>';
    await expect(round(begun(), only(log))).rejects.toMatchObject({ code: 'WRONG_ANSWER' });
  });

  it('is told as stale once it did not grow for too long', async () => {
    const log = new ServedEntries(entriesOf(3));
    let followed = await round(begun(), only(log), NOW + 1_000);
    followed = await round(followed, only(log), NOW + 5_000);
    const required = (now: number) => () => requireNews(followed, now, 5_000, log.url);
    expect(required(NOW + 6_000)).not.toThrow();
    expect(required(NOW + 6_001)).toThrow(expect.objectContaining({ code: 'STALE' }));
    log.served = entriesOf(4);
    followed = await round(followed, only(log), NOW + 6_000);
    expect(required(NOW + 11_000)).not.toThrow();
  });

  it('may keep its newest entries back, which are read later', async () => {
    const log = new ServedEntries(entriesOf(300));
    log.publicUntil = 256;
    let followed = await round(begun(), only(log));
    expect([newestOf(followed)?.size, followed.entries.size]).toEqual([300, 256]);
    log.publicUntil = Infinity;
    log.asked.length = 0;
    followed = await round(followed, only(log));
    expect(followed.entries.size).toBe(300);
    expect(log.asked.filter(({ level, number }) => level === 'entries' && number === 0)).toEqual([]);
  });

  it('is not believed with any byte of its hashes or entries changed', async () => {
    const log = new ServedEntries(entriesOf(5));
    for (const level of [0, 'entries'] as const) {
      const name = { level, number: 0, width: 5 };
      const bytes = (await (level === 0 ? log.tile(name) : log.entries(name))) ?? new Uint8Array();
      for (const changed of eachByteChanged(bytes)) {
        log.changed = (asked, right) => (asked.level === level ? changed : right);
        await expect(round(begun(), only(log))).rejects.toMatchObject({
          code: expect.stringMatching(/REWRITTEN|WRONG_ANSWER/),
        });
      }
      log.changed = (_name, right) => right;
    }
  });

  it('is not accused by tiles that are not those of its tree, or cut off', async () => {
    const log = new ServedEntries(entriesOf(7));
    const followed = await round(begun(), only(log));
    log.served = entriesOf(12);
    const wrong = { code: 'WRONG_ANSWER' };
    for (const changed of [
      (_name: unknown, right: Uint8Array) => right.map((byte) => byte ^ 1),
      (_name: unknown, right: Uint8Array) => right.slice(0, -1),
      () => new Uint8Array(),
    ]) {
      log.changed = changed;
      await expect(round(followed, only(log))).rejects.toMatchObject(wrong);
    }
    log.changed = ({ level }, right) => (level === 'entries' ? right.slice(0, -1) : right);
    await expect(round(followed, only(log))).rejects.toMatchObject(wrong);
    // Without its last entry, or any, it is whole by itself.
    for (const count of [11, 0]) {
      const fewer = encodeBundle(entriesOf(count).map(toUtf8));
      log.changed = ({ level }, right) => (level === 'entries' ? fewer : right);
      await expect(round(followed, only(log))).rejects.toMatchObject(wrong);
    }
  });
});

describe('what a monitor keeps', () => {
  it('is refused where it is cut off, or of another form', async () => {
    const text = formatFollowed(await round(begun(), only(new ServedEntries(entriesOf(3)))));
    for (const wrong of [
      text.slice(0, -1),
      '{}',
      '[]',
      text.replace('"size":3', '"size":4'),
      text.replace('"size":3', '"size":-3'),
      text.replace('monitor/v1', 'monitor/v2'),
      text.replace(/"keys":\[.*?\]/, '"keys":7'),
      text.replace('"newsAt":', '"newsAt":0.'),
    ])
      expect(() => parseFollowed(wrong)).toThrow(expect.objectContaining({ fault: 'MALFORMED' }));
  });
});
