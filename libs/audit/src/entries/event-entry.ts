import { hash } from 'node:crypto';
import { canonicalJson, ENTRY_BYTES_MAX, type JsonValue } from '@abland/audit-verify';
import type { RecordedEvent } from '@abland/kernel';

/** What the log of hashes has of an event. */
export interface EventEntry {
  /** What is hashed, and served in bundles. */
  readonly entry: Buffer;
  /** The event's whole envelope where it is larger than an entry may be: the entry then names its hash. Else null. */
  readonly envelope: Buffer | null;
}

/** How an entry begins that stands for a larger envelope. No envelope has this member. */
export const LARGE_ENTRY = 'abland.large-entry/v1';

/**
 * An event's whole envelope in canonical JSON (RFC 8785): all that the log has of it but its position, which is each store's own.
 * `data` and `metadata` are as they are stored: of an older version, without what chain facts' metadata leave out, personal data
 * sealed. An envelope of more than 65,535 bytes is entered as a line with its hash.
 */
export function eventEntry(event: RecordedEvent): EventEntry {
  const envelope = Buffer.from(canonicalJson(envelopeOf(event)));
  if (envelope.length <= ENTRY_BYTES_MAX) return { entry: envelope, envelope: null };
  return { entry: Buffer.from(canonicalJson(largeEntry(event, envelope))), envelope };
}

function envelopeOf(event: RecordedEvent): JsonValue {
  const { data, id, metadata, recordedAt, revision, stream, type, version } = event;
  return {
    data,
    id,
    metadata: metadata as unknown as JsonValue,
    recordedAt,
    revision: revision.toString(),
    stream,
    type,
    version,
  };
}

const largeEntry = ({ id, stream, type }: RecordedEvent, envelope: Buffer): JsonValue => ({
  bytes: envelope.length,
  entry: LARGE_ENTRY,
  id,
  sha256: hash('sha256', envelope),
  stream,
  type,
});
