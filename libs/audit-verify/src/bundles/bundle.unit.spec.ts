import { describe, expect, it } from '@jest/globals';
import { ed25519 } from '@noble/curves/ed25519';
import { toHex, toUtf8 } from '../bytes/bytes.js';
import { eachByteChanged } from '../bytes/changed.fixture.js';
import { hashRanges, inclusionRanges } from '../merkle/make-proof.js';
import { HASHER, hashesOf, merkleTreeHash } from '../merkle/reference-tree.fixture.js';
import { formatCheckpoint } from '../notes/checkpoint.js';
import { formatNote } from '../notes/signed-note.js';
import { formatVerifierKey, verifierKey } from '../notes/verifier-key.js';
import { formatProof } from '../proofs/tlog-proof.js';
import type { Trust } from '../proofs/trust.js';
import { type Bundle, formatBundle } from './bundle.js';
import { verifyBundle } from './verify-bundle.js';

const ORIGIN = 'example.com/log';
const [SEED, OTHER_SEED] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
const LOG = verifierKey(ORIGIN, 'ED25519', ed25519.getPublicKey(SEED));
const OTHER = verifierKey(ORIGIN, 'ED25519', ed25519.getPublicKey(OTHER_SEED));
const TRUST: Trust = { logKeys: [LOG], witnessKeys: [], witnessesMin: 0 };
const LARGE = JSON.stringify({ data: 'ü'.repeat(40_000) });
const ENTRIES = [
  ...Array.from({ length: 6 }, (_, at) => `{"data":{"amount":"${at}"},"id":"${at}"}`),
  `{"entry":"abland.large-entry/v1","id":"7","sha256":"${toHex(HASHER.sha256(toUtf8(LARGE)))}"}`,
];
const LEAVES = ENTRIES.map((entry) => HASHER.leaf(toUtf8(entry)));

async function bundleOf(indexes: readonly number[], seeds = [[LOG, SEED]] as const): Promise<Bundle> {
  const root = merkleTreeHash(LEAVES);
  const text = formatCheckpoint({ origin: ORIGIN, size: LEAVES.length, root, extensions: [] });
  const signatures = seeds.map(([{ id, name }, seed]) => ({
    ...{ name, keyId: id, signature: ed25519.sign(toUtf8(text), seed) },
  }));
  const checkpoint = formatNote({ text, signatures });
  const entries = indexes.map(async (index) => {
    const path = await hashRanges(inclusionRanges(index, LEAVES.length), hashesOf(LEAVES), HASHER);
    const envelope = index === ENTRIES.length - 1 ? LARGE : null;
    return {
      entry: ENTRIES[index] ?? '',
      envelope,
      proof: formatProof({ extra: null, index, path, checkpoint }),
    };
  });
  return { entries: await Promise.all(entries), verifierKeys: [formatVerifierKey(LOG)] };
}

const faultOf = (bytes: Uint8Array, trust = TRUST): string | null => {
  try {
    verifyBundle(bytes, trust, HASHER);
    return null;
  } catch (error) {
    expect(error).toMatchObject({ name: 'ProofError' });
    return (error as { fault: string }).fault;
  }
};
const faultIn = (bundle: Bundle, trust = TRUST): string | null =>
  faultOf(toUtf8(formatBundle(bundle)), trust);

describe('a bundle of proofs', () => {
  it('proves all of its entries', async () => {
    const bytes = toUtf8(formatBundle(await bundleOf(ENTRIES.map((_, at) => at))));
    const { checkpoints, entries } = verifyBundle(bytes, TRUST);
    expect(entries.map(({ entry }) => entry)).toEqual(ENTRIES);
    expect(checkpoints).toHaveLength(1);
  });

  it('proves nothing with a bit of any byte changed', async () => {
    const bytes = toUtf8(formatBundle(await bundleOf([2])));
    for (const changed of eachByteChanged(bytes)) expect(faultOf(changed)).not.toBeNull();
  });

  it('says which fault it has', async () => {
    const bundle = await bundleOf([3, 6]);
    const [first, large] = bundle.entries as [Bundle['entries'][0], Bundle['entries'][0]];
    const having = (entries: Bundle['entries']): Bundle => ({ ...bundle, entries });
    expect(faultIn(bundle)).toBeNull();
    expect(faultIn(bundle, { ...TRUST, logKeys: [OTHER] })).toBe('UNTRUSTED');
    expect(faultIn(having([{ ...first, entry: '{"id":"9"}' }]))).toBe('NOT_INCLUDED');
    expect(faultIn(having([{ ...large, envelope: `${LARGE} ` }]))).toBe('OTHER_BYTES');
    expect(faultIn(having([{ ...large, envelope: null }]))).toBe('OTHER_BYTES');
    expect(faultIn(having([{ ...first, envelope: '{}' }]))).toBe('OTHER_BYTES');
    const extra = first.proof.replace('\nindex', '\nextra AQID\nindex');
    expect(faultIn(having([{ ...first, proof: extra }]))).toBe('MALFORMED');
    const forged = first.proof.replace('\n7\n', '\n8\n');
    expect(faultIn(having([{ ...first, proof: forged }]))).toBe('FORGED');
  });

  it('is refused with a signature of a key that it does not list', async () => {
    const both = [
      [LOG, SEED],
      [OTHER, OTHER_SEED],
    ] as const;
    const bundle = await bundleOf([1], both as never);
    expect(faultIn(bundle)).toBe('UNTRUSTED');
    const listed = [LOG, OTHER].map(formatVerifierKey);
    expect(faultIn({ ...bundle, verifierKeys: listed })).toBeNull();
  });

  it.each([
    ['blanks', (text: string) => `${text}\n`],
    ['another format', (text: string) => text.replace('bundle/v1', 'bundle/v2')],
    ['another member', (text: string) => text.replace('{"entries"', '{"a":1,"entries"')],
    ['no JSON', (text: string) => text.slice(1)],
    ['an entry that is none', (text: string) => text.replace('"envelope":null', '"envelope":1')],
  ])('is malformed with %s', async (_what, change) => {
    expect(faultOf(toUtf8(change(formatBundle(await bundleOf([0])))))).toBe('MALFORMED');
  });
});
