import { fromBase64 } from '../bytes/base64.js';
import { areEqual, fromHex, toHex, toUtf8 } from '../bytes/bytes.js';
import { fromDecimal } from '../bytes/decimal.js';
import { ProofError } from '../faults/proof-error.js';
import { canonicalJson, type JsonValue } from '../json/canonical.js';
import { checkConsistency, checkInclusion } from '../merkle/check-proof.js';
import { PORTABLE_HASHER, type TreeHasher } from '../merkle/tree-hasher.js';
import { parseNote, verifyNote } from '../notes/signed-note.js';
import { parseVerifierKey, type VerifierKey } from '../notes/verifier-key.js';
import { parseProof } from '../proofs/tlog-proof.js';
import { type Trust, trustCheckpoint, type TrustedCheckpoint } from '../proofs/trust.js';
import { type FactOnChain, verifyReceipt } from '../receipts/receipt-proof.js';
import { keccak } from '../receipts/trie.js';
import { type BundledEntry, parseBundle, parseJson } from './bundle.js';

/** An entry that is in the log, and, where its receipt was there, on its chain. */
export interface VerifiedEntry {
  readonly index: number;
  readonly entry: string;
  /** Null where only the log says it. */
  readonly fact: FactOnChain | null;
  /** How many of the log's first events a chain has had since that fact; null where the entry is not told as an anchor. */
  readonly anchors: number | null;
}

/** What a bundle proves. */
export interface VerifiedBundle {
  readonly entries: readonly VerifiedEntry[];
  /** Each once. */
  readonly checkpoints: readonly TrustedCheckpoint[];
}

/**
 * Checks every entry of a bundle. More is asked of it than of a proof alone: no signature in it may be of a key that it does not
 * list, and nothing in it may be unsigned, so that no bit of it can be changed unseen.
 * @throws ProofError whatever is wrong first
 */
export function verifyBundle(
  bytes: Uint8Array,
  trust: Trust,
  hasher: TreeHasher = PORTABLE_HASHER,
): VerifiedBundle {
  const bundle = parseBundle(bytes);
  if (bundle.entries.length === 0) throw new ProofError('MALFORMED', 'The bundle proves nothing', 'bundle');
  const listed = bundle.verifierKeys.map(parseVerifierKey);
  const checkpoints = new Map<string, TrustedCheckpoint>();
  const entries = bundle.entries.map((one, at) => {
    const { checkpoint, extra, index, path } = parseProof(one.proof);
    if (extra !== null) throw new ProofError('MALFORMED', 'Nobody signed the extra data', `entries ${at}`);
    const head = checkpoints.get(checkpoint) ?? allSigned(checkpoint, listed, trust);
    checkpoints.set(checkpoint, head);
    checkInclusion({ index, hash: hasher.leaf(toUtf8(one.entry)) }, head, path, hasher);
    requireEnvelope(one, hasher, at);
    const fact = factOf(one);
    requireBlock(fact, trust.blocks, at);
    return { index, entry: one.entry, fact, anchors: anchoredBy(one, fact, head, hasher) };
  });
  requireUsed(listed, [...checkpoints.keys()]);
  return { entries, checkpoints: [...checkpoints.values()] };
}

/** Of a key that signed nothing every byte could be another. */
function requireUsed(listed: readonly VerifierKey[], checkpoints: readonly string[]): void {
  const used = new Set(
    checkpoints.flatMap((one) => verifyNote(parseNote(one), listed).map(({ key }) => key)),
  );
  if (used.size < listed.length)
    throw new ProofError('MALFORMED', 'A key is listed that signed nothing of it', 'verifierKeys');
}

/** By the envelope itself, of which the entry may have the hash alone. @throws ProofError NOT_ON_CHAIN */
function factOf({ entry, envelope, receipt = null }: BundledEntry): FactOnChain | null {
  return receipt === null ? null : verifyReceipt(parseJson(envelope ?? entry), receipt);
}

/** That it is in a block that is trusted, where some are told. @throws ProofError OTHER_BLOCK */
function requireBlock(fact: FactOnChain | null, blocks: Trust['blocks'], at: number): void {
  if (blocks === undefined || (fact !== null && blocks.includes(fact.blockHash))) return;
  const message = fact === null ? 'No block is told to have it' : 'It is in no block that is trusted';
  throw new ProofError('OTHER_BLOCK', message, `entries ${at}`);
}

/**
 * That the tree which a chain has is the beginning of the one that the checkpoint is of.
 * @throws ProofError NOT_ON_CHAIN where no chain has it, OTHER_LOG, INCONSISTENT
 */
function anchoredBy(
  { anchor = null, entry, envelope }: BundledEntry,
  fact: FactOnChain | null,
  head: TrustedCheckpoint,
  hasher: TreeHasher,
): number | null {
  if (anchor === null) return null;
  const { data, type } = objectOf(parseJson(envelope ?? entry));
  if (fact?.fieldsProved !== true || type !== 'TreeHeadAnchored')
    throw new ProofError('NOT_ON_CHAIN', 'An anchor is proved by its receipt', 'anchor');
  // By its receipt they are what the chain has.
  const { logId, rootHash, treeSize } = objectOf(data);
  if (logId !== `0x${toHex(keccak(toUtf8(head.origin)))}`)
    throw new ProofError('OTHER_LOG', 'The anchor is of another log', head.origin);
  const old = { size: fromDecimal(String(treeSize)), root: fromHex(String(rootHash).slice(2), 'anchor') };
  const path = anchor.map((hash) => fromBase64(hash, 'anchor'));
  checkConsistency(old, head, path, hasher);
  return old.size;
}

function allSigned(checkpoint: string, listed: readonly VerifierKey[], trust: Trust): TrustedCheckpoint {
  const head = trustCheckpoint(checkpoint, trust);
  const note = parseNote(checkpoint);
  const known = verifyNote(note, listed);
  if (known.length < note.signatures.length)
    throw new ProofError('UNTRUSTED', 'A signature is of a key that the bundle does not list', head.origin);
  return head;
}

/** That an envelope is the one whose hash was entered. */
function requireEnvelope({ entry, envelope }: BundledEntry, hasher: TreeHasher, at: number): void {
  const line = lineOf(entry);
  const wanted = line === null ? null : String(line['sha256']);
  if (wanted === null && envelope === null) return;
  const hash = envelope === null ? null : toHex(hasher.sha256(toUtf8(envelope)));
  if (wanted === null || hash === null || !areEqual(toUtf8(wanted), toUtf8(hash)))
    throw new ProofError('OTHER_BYTES', 'The event is not the one whose hash was entered', `entries ${at}`);
}

/** What stands in the place of a large envelope; null where the entry is the event itself. */
function lineOf(entry: string): Readonly<Record<string, JsonValue>> | null {
  const value = parseJson(entry);
  if (typeof value !== 'object' || value === null || canonicalJson(value) !== entry)
    throw new ProofError('MALFORMED', 'An entry is not canonical JSON');
  const line = value as Readonly<Record<string, JsonValue>>;
  return line['entry'] === LARGE_ENTRY ? line : null;
}

type JsonObject = { readonly [key: string]: JsonValue };
const objectOf = (value: JsonValue | undefined): JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : {};

const LARGE_ENTRY = 'abland.large-entry/v1';
