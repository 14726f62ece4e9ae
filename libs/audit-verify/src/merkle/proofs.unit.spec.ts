import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eachByteChanged } from '../bytes/changed.fixture.js';
import { fromHex, toHex, toUtf8 } from '../bytes/bytes.js';
import { checkConsistency, checkInclusion } from './check-proof.js';
import { consistencyRanges, hashRanges, inclusionRanges, treeRoot } from './make-proof.js';
import { HASHER, hashesOf, merkleTreeHash } from './reference-tree.fixture.js';
import { PORTABLE_HASHER } from './tree-hasher.js';

/** Inputs and roots that implementations of RFC 6962 are tested with since Certificate Transparency's first one. */
const INPUTS = [
  '',
  '00',
  '10',
  '2021',
  '3031',
  '40414243',
  '5051525354555657',
  '606162636465666768696a6b6c6d6e6f',
];
const ROOTS = [
  'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
];
const leavesOf = (count: number): readonly Uint8Array[] =>
  Array.from({ length: count }, (_, at) => HASHER.leaf(toUtf8(`entry ${at}`)));
const LEAVES = leavesOf(40);

const inclusion = (index: number, size: number): Promise<readonly Uint8Array[]> =>
  hashRanges(inclusionRanges(index, size), hashesOf(LEAVES.slice(0, size)), HASHER);
const consistency = (older: number, newer: number): Promise<readonly Uint8Array[]> =>
  hashRanges(consistencyRanges(older, newer), hashesOf(LEAVES.slice(0, newer)), HASHER);
const headOf = (size: number) => ({ size, root: merkleTreeHash(LEAVES.slice(0, size)) });

describe('the Merkle tree of RFC 6962', () => {
  it('has the roots that are known of it', async () => {
    for (const [size, root] of ROOTS.entries()) {
      const leaves = INPUTS.slice(0, size).map((input) => HASHER.leaf(fromHex(input)));
      expect(toHex(await treeRoot(size, hashesOf(leaves), HASHER))).toBe(root);
      expect(toHex(await treeRoot(size, hashesOf(leaves), PORTABLE_HASHER))).toBe(root);
      expect(toHex(merkleTreeHash(leaves))).toBe(root);
    }
  });

  it('has an inclusion proof of the form that RFC 6962 shows for seven leaves', () => {
    const names = (index: number) => inclusionRanges(index, 7).map(({ end, start }) => `${start}-${end}`);
    expect(names(0)).toEqual(['1-2', '2-4', '4-7']);
    expect(names(3)).toEqual(['2-3', '0-2', '4-7']);
    expect(names(4)).toEqual(['5-6', '6-7', '0-4']);
    expect(names(6)).toEqual(['4-6', '0-4']);
  });

  it('has a consistency proof of the form that RFC 6962 shows for seven leaves', () => {
    const names = (older: number) => consistencyRanges(older, 7).map(({ end, start }) => `${start}-${end}`);
    expect(names(3)).toEqual(['2-3', '3-4', '0-2', '4-7']);
    expect(names(4)).toEqual(['4-7']);
    expect(names(6)).toEqual(['4-6', '6-7', '0-4']);
  });
});

describe('an inclusion proof', () => {
  it('leads from every leaf of every tree to its root', async () => {
    for (let size = 1; size <= LEAVES.length; size += 1)
      for (let index = 0; index < size; index += 1) {
        const hash = LEAVES[index] ?? HASHER.empty;
        checkInclusion({ index, hash }, headOf(size), await inclusion(index, size));
      }
  });

  it('proves no other leaf, place, size, root or path', async () => {
    const [index, size] = [9, 21];
    const hash = LEAVES[index] ?? HASHER.empty;
    const path = await inclusion(index, size);
    const head = headOf(size);
    const refused = (leaf: { index: number; hash: Uint8Array }, of = head, by = path): void =>
      expect(() => checkInclusion(leaf, of, by)).toThrow(expect.objectContaining({ fault: 'NOT_INCLUDED' }));
    for (const changed of eachByteChanged(hash)) refused({ index, hash: changed });
    for (const root of eachByteChanged(head.root)) refused({ index, hash }, { size, root });
    for (let at = 0; at < path.length; at += 1)
      for (const changed of eachByteChanged(path[at] ?? hash))
        refused({ index, hash }, head, path.with(at, changed));
    for (let other = 0; other < 40; other += 1) if (other !== index) refused({ index: other, hash });
    for (const few of [path.slice(1), path.slice(0, -1), [...path, hash], []])
      refused({ index, hash }, head, few);
    for (const wrong of [1, 8, 16, 64, 2 ** 40]) refused({ index, hash }, { size: wrong, root: head.root });
  });
});

describe('a consistency proof', () => {
  it('joins every tree to every later one', async () => {
    for (let newer = 0; newer <= LEAVES.length; newer += 1)
      for (let older = 0; older <= newer; older += 1)
        checkConsistency(headOf(older), headOf(newer), await consistency(older, newer));
  });

  it('joins no trees of which one was changed, and none by a changed path', async () => {
    for (const [older, newer] of [
      [5, 21],
      [8, 21],
      [16, 17],
      [20, 21],
    ] as const) {
      const path = await consistency(older, newer);
      const [first, last] = [headOf(older), headOf(newer)];
      const refused = (old = first, next = last, by = path): void =>
        expect(() => checkConsistency(old, next, by)).toThrow(
          expect.objectContaining({ fault: 'INCONSISTENT' }),
        );
      for (const root of eachByteChanged(first.root)) refused({ size: older, root });
      for (const root of eachByteChanged(last.root)) refused(first, { size: newer, root });
      for (let at = 0; at < path.length; at += 1)
        for (const changed of eachByteChanged(path[at] ?? first.root))
          refused(first, last, path.with(at, changed));
      refused(first, last, path.slice(1));
      refused(first, last, [...path, first.root]);
      refused(last, first);
    }
  });

  it('is refused where two roots of one size differ, or the empty tree has leaves', () => {
    const wrong = { size: 5, root: headOf(6).root };
    expect(() => checkConsistency(headOf(5), wrong, [])).toThrow(/Two roots/);
    expect(() => checkConsistency({ size: 0, root: headOf(1).root }, headOf(3), [])).toThrow(/Two roots/);
  });
});

describe('a tree of any size', () => {
  it('is proved by paths that are no longer than it is high', () => {
    const size = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
    fc.assert(
      fc.property(size, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (leaves, share) => {
        const index = Math.min(leaves - 1, Math.floor(leaves * share));
        const height = Math.ceil(Math.log2(leaves));
        const path = inclusionRanges(index, leaves);
        expect(path.length).toBeLessThanOrEqual(Math.max(0, height));
        expect(path.reduce((sum, { end, start }) => sum + (end - start), 1)).toBe(leaves);
        expect(consistencyRanges(index, leaves).length).toBeLessThanOrEqual(height + 1);
      }),
    );
  });

  it('refuses to prove what is not in it', () => {
    expect(() => inclusionRanges(7, 7)).toThrow(/no such leaf/);
    expect(() => inclusionRanges(-1, 7)).toThrow(/no such leaf/);
    expect(() => inclusionRanges(0.5, 7)).toThrow(/no such leaf/);
    expect(() => consistencyRanges(8, 7)).toThrow(/does not shrink/);
  });
});
