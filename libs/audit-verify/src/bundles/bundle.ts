import { fromUtf8 } from '../bytes/bytes.js';
import { malformed } from '../faults/proof-error.js';
import { canonicalJson, type JsonValue } from '../json/canonical.js';
import type { ReceiptProof } from '../receipts/receipt-proof.js';

/** An entry of a log with what proves that it is there. */
export interface BundledEntry {
  readonly entry: string;
  /** What the entry has only the hash of; null where it is the event itself. */
  readonly envelope: string | null;
  /** C2SP tlog-proof. */
  readonly proof: string;
  /** What proves a chain fact by its chain as well; absent, or null, where nothing does. */
  readonly receipt?: ReceiptProof | null;
  /**
   * Of an entry that says that a tree of this log was anchored on a chain: what proves that this tree is the beginning of the checkpoint's
   * (RFC 6962's consistency proof), hashes in base64. Absent, or null, where it is not told as one.
   */
  readonly anchor?: readonly string[] | null;
}

/** Proofs to hand over in one file, and the keys that signed in it, which nobody need believe. */
export interface Bundle {
  readonly entries: readonly BundledEntry[];
  readonly verifierKeys: readonly string[];
}

const FORMAT = 'abland.audit-bundle/v1';
/** With what proves entries by their chain. */
const WITH_RECEIPTS = 'abland.audit-bundle/v2';

/** Canonical JSON: there is one text of a bundle, so that no byte of the file says nothing. */
export function formatBundle({ entries, verifierKeys }: Bundle): string {
  const hasReceipts = entries.some(({ receipt }) => (receipt ?? null) !== null);
  const listed = entries.map(({ anchor = null, entry, envelope, proof, receipt = null }): JsonValue => {
    const ofLog = { entry, envelope, proof };
    return hasReceipts ? { ...ofLog, anchor, receipt: receipt === null ? null : ofReceipt(receipt) } : ofLog;
  });
  return canonicalJson({ entries: listed, format: hasReceipts ? WITH_RECEIPTS : FORMAT, verifierKeys });
}

const ofReceipt = ({ header, log, nodes, transaction }: ReceiptProof): ReceiptProof => ({
  ...{ header, log, nodes, transaction },
});

/** @throws ProofError MALFORMED */
export function parseBundle(bytes: Uint8Array): Bundle {
  const text = fromUtf8(bytes, 'bundle');
  const bundle = asBundle(parseJson(text));
  if (bundle === null) throw malformed('Not a bundle of proofs', 'bundle');
  if (formatBundle(bundle) !== text) throw malformed('Not the canonical JSON of a bundle', 'bundle');
  return bundle;
}

/** @throws ProofError MALFORMED */
export function parseJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw malformed('Not JSON', 'bundle');
  }
}

function asBundle(value: JsonValue): Bundle | null {
  if (!isObject(value) || (value['format'] !== FORMAT && value['format'] !== WITH_RECEIPTS)) return null;
  const { entries, verifierKeys } = value;
  if (!Array.isArray(entries) || !Array.isArray(verifierKeys)) return null;
  const isWhole = entries.every(isEntry) && verifierKeys.every((key) => typeof key === 'string');
  return isWhole ? { entries: entries as unknown as readonly BundledEntry[], verifierKeys } : null;
}

function isEntry(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const { anchor = null, entry, envelope, proof, receipt = null } = value;
  const isProved = (receipt === null || isReceipt(receipt)) && (anchor === null || isTexts(anchor));
  return typeof entry === 'string' && typeof proof === 'string' && isText(envelope) && isProved;
}

function isReceipt(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const { header, log, nodes, transaction } = value;
  const isCounted = [log, transaction].every((number) => Number.isSafeInteger(number) && Number(number) >= 0);
  return typeof header === 'string' && isCounted && isTexts(nodes);
}

const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((one) => typeof one === 'string');
const isText = (value: unknown): boolean => value === null || typeof value === 'string';
const isObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
