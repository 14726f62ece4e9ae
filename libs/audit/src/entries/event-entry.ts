import { hash } from 'node:crypto';
import { canonicalJson, ENTRY_BYTES_MAX, type JsonValue } from '@abland/audit-verify';
import type { RecordedEvent } from '@abland/kernel';

/** What the log of hashes has of an event. */
export interface EventEntry {
  /** What is hashed, and served in bundles. */
  readonly entry: string;
  /** The event's whole envelope where it is larger than an entry may be: the entry then names its hash. Else null. */
  readonly envelope: string | null;
}

/** How an entry begins that stands for a larger envelope. No envelope has this member. */
export const LARGE_ENTRY = 'abland.large-entry/v1';
/** Of UTF-8 for a unit of JavaScript's text, at most. */
const UNIT_BYTES = 3;

/**
 * An event's whole envelope in canonical JSON (RFC 8785): all that the log has of it but its position, which is each store's own.
 * `data` and `metadata` are as they are stored: of an older version, without what chain facts' metadata leave out, personal data
 * sealed. An envelope of more than 65,535 bytes is entered as a line with its hash.
 */
export function eventEntry(event: RecordedEvent): EventEntry {
  const envelope = envelopeOf(event);
  const fits = envelope.length * UNIT_BYTES <= ENTRY_BYTES_MAX || byteLength(envelope) <= ENTRY_BYTES_MAX;
  if (fits) return { entry: envelope, envelope: null };
  return { entry: largeEntry(event, envelope), envelope };
}

/** Its members in their order: written out, since every event is. */
function envelopeOf({
  data,
  id,
  metadata,
  recordedAt,
  revision,
  stream,
  type,
  version,
}: RecordedEvent): string {
  const of = (value: unknown): string => canonicalJson(value as JsonValue);
  return (
    `{"data":${of(data)},"id":${of(id)},"metadata":${of(metadata)},"recordedAt":${of(recordedAt)},` +
    `"revision":"${revision}","stream":${of(stream)},"type":${of(type)},"version":${of(version)}}`
  );
}

const largeEntry = ({ id, stream, type }: RecordedEvent, envelope: string): string =>
  canonicalJson({
    bytes: byteLength(envelope),
    entry: LARGE_ENTRY,
    id,
    sha256: hash('sha256', envelope),
    stream,
    type,
  });

const byteLength = (text: string): number => Buffer.byteLength(text);
