import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { concatenated, toUtf8 } from '../bytes/bytes.js';
import { hashRanges, inclusionRanges, treeRoot } from '../merkle/make-proof.js';
import { HASHER, hashesOf, merkleTreeHash } from '../merkle/reference-tree.fixture.js';
import { decodeBundle, encodeBundle } from './entry-bundle.js';
import { subtreeHashes, type TileAt } from './tile-hashes.js';
import { parseTilePath, TILE_WIDTH, type TileName, tilePath, widthInTree } from './tile-path.js';

describe("a tile's path", () => {
  it('is that of C2SP tlog-tiles', () => {
    expect(tilePath({ level: 0, number: 1_234_067, width: 256 })).toBe('tile/0/x001/x234/067');
    expect(tilePath({ level: 1, number: 0, width: 17 })).toBe('tile/1/000.p/17');
    expect(tilePath({ level: 'entries', number: 273, width: 112 })).toBe('tile/entries/273.p/112');
  });

  it('is read back, whatever tile it is of', () => {
    const tile: fc.Arbitrary<TileName> = fc.record({
      level: fc.oneof(fc.constant('entries' as const), fc.integer({ min: 0, max: 63 })),
      number: fc.integer({ min: 0, max: 2 ** 45 }),
      width: fc.integer({ min: 1, max: 256 }),
    });
    fc.assert(fc.property(tile, (name) => expect(parseTilePath(tilePath(name))).toEqual(name)));
  });

  it.each([
    'tile/0/0',
    'tile/0/1234',
    'tile/0/x000/001',
    'tile/00/001',
    'tile/64/001',
    'tile/0/001.p/0',
    'tile/0/001.p/256',
    'tile/0/001.p/01',
    'tile/0/x001',
    'tile/0/001/',
    'tile/0/x001/x234/067 ',
    'tile/-1/001',
    'tile/data/001',
    `tile/0/${'x999/'.repeat(8)}999`,
    '/tile/0/001',
    'tile/0/١٢٣',
  ])('is none where it reads %s', (path) => expect(parseTilePath(path)).toBeNull());
});

describe('the tiles of a tree', () => {
  it('are as many and as wide as C2SP tlog-tiles says of 70,000 and of 256 entries', () => {
    const width = (level: TileName['level'], number: number) => widthInTree({ level, number }, 70_000);
    expect([width(0, 272), width(0, 273), width(0, 274)]).toEqual([256, 112, 0]);
    expect([width(1, 0), width(1, 1), width(1, 2)]).toEqual([256, 17, 0]);
    expect([width(2, 0), width(2, 1), width(3, 0)]).toEqual([1, 0, 0]);
    expect([width('entries', 273), width('entries', 274)]).toEqual([112, 0]);
    expect([0, 1, 2].map((level) => widthInTree({ level, number: 0 }, 256))).toEqual([256, 1, 0]);
  });

  const LEAVES = Array.from({ length: 65_537 }, (_, at) => HASHER.leaf(toUtf8(`${at}`)));
  const tilesOf = (size: number) => async (tiles: readonly TileAt[]) =>
    tiles.map((tile) => {
      const { level, number } = tile;
      const span = TILE_WIDTH ** level;
      const hashes = Array.from({ length: widthInTree(tile, size) }, (_, at) => {
        const start = (number * TILE_WIDTH + at) * span;
        return merkleTreeHash(LEAVES.slice(start, start + span));
      });
      return concatenated(...hashes);
    });

  it('give the root and the paths, each tile asked for once', async () => {
    for (const size of [1, 255, 256, 257, 1_000, 65_537]) {
      const asked: string[] = [];
      const tiles = tilesOf(size);
      const hashes = subtreeHashes((wanted) => {
        asked.push(...wanted.map(({ level, number }) => `${level}/${number}`));
        return tiles(wanted);
      }, HASHER);
      expect(await treeRoot(size, hashes, HASHER)).toEqual(merkleTreeHash(LEAVES.slice(0, size)));
      expect(new Set(asked).size).toBe(asked.length);
      const index = Math.floor(size / 3);
      const ranges = inclusionRanges(index, size);
      const expected = await hashRanges(ranges, hashesOf(LEAVES.slice(0, size)), HASHER);
      expect(await hashRanges(ranges, hashes, HASHER)).toEqual(expected);
    }
  });

  it('that are cut off give no hash', async () => {
    const tiles = tilesOf(300);
    const cut = subtreeHashes(
      async (wanted) => (await tiles(wanted)).map((tile) => tile.slice(0, -1)),
      HASHER,
    );
    await expect(treeRoot(300, cut, HASHER)).rejects.toThrow(/cut off/);
  });
});

describe('a bundle of entries', () => {
  it('gives them back as they were', () => {
    const entries = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 20 });
    fc.assert(fc.property(entries, (given) => expect(decodeBundle(encodeBundle(given))).toEqual(given)));
    const largest = new Uint8Array(65_535).fill(7);
    expect(decodeBundle(encodeBundle([largest]))).toEqual([largest]);
    expect(() => encodeBundle([new Uint8Array(65_536)])).toThrow(/65,535/);
  });

  it('writes the length of each as two bytes, the larger first', () => {
    expect(encodeBundle([toUtf8('ab'), new Uint8Array(), new Uint8Array(258)]).slice(0, 8)).toEqual(
      Uint8Array.of(0, 2, 0x61, 0x62, 0, 0, 1, 2),
    );
  });

  it('is refused where it is cut off', () => {
    const bundle = encodeBundle([toUtf8('one'), toUtf8('two')]);
    for (const length of [1, 3, 4, 6, 9])
      expect(() => decodeBundle(bundle.slice(0, length))).toThrow(/cut off/);
  });
});
