import { fromUtf8 } from '../bytes/bytes.js';
import { malformed } from '../faults/proof-error.js';
import { canonicalJson, type JsonValue } from '../json/canonical.js';

/** An entry of a log with what proves that it is there. */
export interface BundledEntry {
  readonly entry: string;
  /** What the entry has only the hash of; null where it is the event itself. */
  readonly envelope: string | null;
  /** C2SP tlog-proof. */
  readonly proof: string;
}

/** Proofs to hand over in one file, and the keys that signed in it, which nobody need believe. */
export interface Bundle {
  readonly entries: readonly BundledEntry[];
  readonly verifierKeys: readonly string[];
}

const FORMAT = 'abland.audit-bundle/v1';

/** Canonical JSON: there is one text of a bundle, so that no byte of the file says nothing. */
export function formatBundle({ entries, verifierKeys }: Bundle): string {
  const listed = entries.map(({ entry, envelope, proof }) => ({ entry, envelope, proof }));
  return canonicalJson({ entries: listed, format: FORMAT, verifierKeys });
}

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
  if (!isObject(value) || value['format'] !== FORMAT) return null;
  const { entries, verifierKeys } = value;
  if (!Array.isArray(entries) || !Array.isArray(verifierKeys)) return null;
  const isWhole = entries.every(isEntry) && verifierKeys.every((key) => typeof key === 'string');
  return isWhole ? { entries: entries as readonly BundledEntry[], verifierKeys } : null;
}

function isEntry(value: JsonValue): boolean {
  if (!isObject(value)) return false;
  const { entry, envelope, proof } = value;
  return typeof entry === 'string' && typeof proof === 'string' && isText(envelope);
}

const isText = (value: unknown): boolean => value === null || typeof value === 'string';
const isObject = (value: JsonValue): value is { readonly [key: string]: JsonValue } =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
