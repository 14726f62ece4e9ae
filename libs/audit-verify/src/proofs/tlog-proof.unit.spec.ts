import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519';
import { toUtf8 } from '../bytes/bytes.js';
import { eachByteChanged } from '../bytes/changed.fixture.js';
import { hashRanges, inclusionRanges } from '../merkle/make-proof.js';
import { hashesOf, merkleTreeHash } from '../merkle/reference-tree.fixture.js';
import { PORTABLE_HASHER as HASHER } from '../merkle/tree-hasher.js';
import { formatCheckpoint } from '../notes/checkpoint.js';
import { cosignedMessage, encodeCosignature } from '../notes/cosignature.js';
import { formatNote } from '../notes/signed-note.js';
import { verifierKey } from '../notes/verifier-key.js';
import { formatProof, parseProof, verifyProof } from './tlog-proof.js';
import type { Trust } from './trust.js';

const ORIGIN = 'example.com/log';
const [SEED, WITNESS_SEED, OTHER_SEED] = [1, 2, 3].map((byte) => new Uint8Array(32).fill(byte)) as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
const LOG = verifierKey(ORIGIN, 'ED25519', ed25519.getPublicKey(SEED));
const WITNESS = verifierKey('witness.example/w1', 'COSIGNATURE', ed25519.getPublicKey(WITNESS_SEED));
const OTHER = verifierKey(ORIGIN, 'ED25519', ed25519.getPublicKey(OTHER_SEED));
const TRUST: Trust = { logKeys: [LOG], witnessKeys: [WITNESS], witnessesMin: 1 };
const ENTRIES = Array.from({ length: 11 }, (_, at) => toUtf8(`{"event":${at}}`));
const LEAVES = ENTRIES.map((entry) => HASHER.leaf(entry));
const TIME = 1_700_000_000;

function cosigned(origin = ORIGIN, leaves = LEAVES): string {
  const text = formatCheckpoint({
    origin,
    size: leaves.length,
    root: merkleTreeHash(leaves),
    extensions: [],
  });
  return formatNote({
    text,
    signatures: [
      { name: origin, keyId: LOG.id, signature: ed25519.sign(toUtf8(text), SEED) },
      {
        name: WITNESS.name,
        keyId: WITNESS.id,
        signature: encodeCosignature(TIME, ed25519.sign(cosignedMessage(text, TIME), WITNESS_SEED)),
      },
    ],
  });
}

const proofOf = async (index: number): Promise<string> =>
  formatProof({
    extra: null,
    index,
    path: await hashRanges(inclusionRanges(index, LEAVES.length), hashesOf(LEAVES), HASHER),
    checkpoint: cosigned(),
  });
const entryAt = (index: number): Uint8Array => ENTRIES[index] ?? new Uint8Array();
const faultOf = (work: () => unknown): string | null => {
  try {
    work();
    return null;
  } catch (error) {
    expect(error).toMatchObject({ name: 'ProofError' });
    return (error as { fault: string }).fault;
  }
};

describe('a proof of C2SP tlog-proof', () => {
  it('proves every entry of a small log', async () => {
    for (const index of ENTRIES.keys()) {
      const text = await proofOf(index);
      expect(verifyProof(parseProof(text), entryAt(index), TRUST).size).toBe(ENTRIES.length);
      expect(formatProof(parseProof(text))).toBe(text);
    }
  });

  it('says which fault it has', async () => {
    const proof = parseProof(await proofOf(4));
    const check = (given: Partial<Trust>, changed = proof, entry = entryAt(4)) =>
      faultOf(() => verifyProof(changed, entry, { ...TRUST, ...given }));
    expect(check({})).toBeNull();
    expect(check({ logKeys: [OTHER] })).toBe('UNTRUSTED');
    expect(check({ witnessesMin: 2 })).toBe('UNTRUSTED');
    expect(check({ witnessKeys: [] })).toBe('UNTRUSTED');
    expect(check({ logKeys: [WITNESS] })).toBe('OTHER_LOG');
    expect(check({}, { ...proof, checkpoint: cosigned('example.com/other') })).toBe('OTHER_LOG');
    expect(check({}, proof, entryAt(5))).toBe('NOT_INCLUDED');
    expect(check({}, { ...proof, checkpoint: proof.checkpoint.replace('\n11\n', '\n12\n') })).toBe('FORGED');
    expect(check({}, { ...proof, checkpoint: cosigned(ORIGIN, LEAVES.slice(0, 9)) })).toBe('NOT_INCLUDED');
  });

  it('proves nothing with a bit of any byte changed', async () => {
    const index = 6;
    const bytes = toUtf8(await proofOf(index));
    for (const changed of eachByteChanged(bytes))
      expect(faultOf(() => verifyProof(parseProof(changed), entryAt(index), TRUST))).not.toBeNull();
  });

  it('proves no entry with a byte of it changed', async () => {
    for (const [index, entry] of ENTRIES.slice(0, 3).entries()) {
      const proof = parseProof(await proofOf(index));
      for (let at = 0; at < entry.length; at += 1)
        for (const byte of [0x20, 0xff].filter((other) => other !== entry[at]))
          expect(faultOf(() => verifyProof(proof, entry.with(at, byte), TRUST))).toBe('NOT_INCLUDED');
    }
  });

  it('carries extra data that it does not believe', async () => {
    const extra = Uint8Array.of(1, 2, 3);
    const text = formatProof({ ...parseProof(await proofOf(2)), extra });
    expect(text.split('\n')[1]).toBe('extra AQID');
    expect(parseProof(text).extra).toEqual(extra);
    expect(faultOf(() => verifyProof(parseProof(text), entryAt(2), TRUST))).toBeNull();
  });

  it.each([
    ['another first line', 'c2sp.org/tlog-proof@v2\nindex 0\n\n'],
    ['no index', 'c2sp.org/tlog-proof@v1\n\n'],
    ['an index with zeroes before it', 'c2sp.org/tlog-proof@v1\nindex 00\n\n'],
    ['a hash that is none', 'c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\n'],
    ['no checkpoint', 'c2sp.org/tlog-proof@v1\nindex 0\n'],
  ])('is malformed with %s', (_what, text) => expect(faultOf(() => parseProof(text))).toBe('MALFORMED'));
});
