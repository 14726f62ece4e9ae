import { fromBase64, toBase64 } from '../bytes/base64.js';
import { malformed } from '../faults/proof-error.js';
import { canonicalJson, type JsonValue } from '../json/canonical.js';
import { HASH_BYTES } from '../merkle/tree-hasher.js';
import { type Checkpoint, parseCheckpoint } from '../notes/checkpoint.js';
import { parseNote } from '../notes/signed-note.js';
import { formatVerifierKey, parseVerifierKey, type VerifierKey } from '../notes/verifier-key.js';
import { EMPTY_FRONTIER, type Frontier, frontierOf } from './frontier.js';

/** A signed note, and what it says. */
export interface SeenHead extends Checkpoint {
  readonly note: string;
}

/** What was seen at a place. */
export interface FollowedPlace {
  readonly url: string;
  /** The newest of it that is known to belong to the one tree; null before any was. */
  readonly proven: SeenHead | null;
  /** The oldest that is not, as no tree so large was served yet. */
  readonly ahead: SeenHead | null;
}

/** What a monitor keeps of a log. */
export interface FollowedLog {
  /** Whose signatures count: of one name, the log's origin. */
  readonly keys: readonly VerifierKey[];
  readonly places: readonly FollowedPlace[];
  /** When the log was last seen to have grown, in milliseconds since the epoch. */
  readonly newsAt: number;
  /** The entries that were read and are those that were hashed. */
  readonly entries: Frontier;
}

export const beginFollowing = (keys: readonly VerifierKey[], now: number): FollowedLog => ({
  ...{ keys, newsAt: now, places: [], entries: EMPTY_FRONTIER },
});

/** The largest tree that was proven; null before any was. */
export function newestOf({ places }: Pick<FollowedLog, 'places'>): SeenHead | null {
  const heads = places.flatMap(({ proven }) => proven ?? []);
  return heads.reduce<SeenHead | null>(
    (newest, head) => (newest === null || head.size > newest.size ? head : newest),
    null,
  );
}

/** @throws ProofError MALFORMED */
export const seenHead = (note: string): SeenHead => ({ ...parseCheckpoint(parseNote(note).text), note });

const FORMAT = 'abland.audit-monitor/v1';
const PLACES_MAX = 64;

export function formatFollowed({ entries, keys, newsAt, places }: FollowedLog): string {
  return canonicalJson({
    format: FORMAT,
    keys: keys.map(formatVerifierKey),
    newsAt,
    entries: { size: entries.size, roots: entries.roots.map(toBase64) },
    places: places.map(({ ahead, proven, url }) => ({
      url,
      proven: proven?.note ?? null,
      ahead: ahead?.note ?? null,
    })),
  });
}

/** @throws ProofError MALFORMED */
export function parseFollowed(text: string): FollowedLog {
  const { entries, format, keys, newsAt, places } = asObject(asJson(text));
  if (format !== FORMAT) throw malformed('Not what a monitor keeps', 'format');
  const { roots, size } = asObject(entries);
  return {
    keys: asList(keys).map((key) => parseVerifierKey(asText(key))),
    places: asList(places).map(asPlace),
    newsAt: asCount(newsAt),
    entries: frontierOf(asCount(size), asList(roots).map(asHash)),
  };
}

function asJson(text: string): JsonValue {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    throw malformed('Not JSON');
  }
}

function asPlace(value: JsonValue): FollowedPlace {
  const { ahead, proven, url } = asObject(value);
  return { url: asText(url), proven: asHead(proven), ahead: asHead(ahead) };
}

function asHash(value: JsonValue): Uint8Array {
  const hash = fromBase64(asText(value), 'roots');
  if (hash.length !== HASH_BYTES) throw malformed('A hash has 32 bytes', 'roots');
  return hash;
}

const asHead = (value: JsonValue | undefined): SeenHead | null =>
  value === null ? null : seenHead(asText(value));

function asObject(value: JsonValue | undefined): Readonly<Record<string, JsonValue>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Readonly<Record<string, JsonValue>>;
  throw malformed('Not an object');
}

function asList(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value) && value.length <= PLACES_MAX) return value as readonly JsonValue[];
  throw malformed('Not a list, or too long a one');
}

function asText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value;
  throw malformed('Not a text');
}

function asCount(value: JsonValue | undefined): number {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  throw malformed('Not a whole number');
}
