import { concatenated, toUtf8 } from '../bytes/bytes.js';
import { malformed } from '../faults/proof-error.js';

const TIMESTAMP_BYTES = 8;
const ED25519_BYTES = 64;

/** What a witness signs of a checkpoint: C2SP tlog-cosignature, Ed25519. @param timestamp in seconds since the epoch */
export const cosignedMessage = (checkpoint: string, timestamp: number): Uint8Array =>
  toUtf8(`cosignature/v1\ntime ${timestamp}\n${checkpoint}`);

/** A signature line's bytes behind the key id: the timestamp, and the signature. */
export function decodeCosignature(bytes: Uint8Array): { timestamp: number; ed25519: Uint8Array } {
  if (bytes.length !== TIMESTAMP_BYTES + ED25519_BYTES)
    throw malformed('A cosignature has 72 bytes', 'signature');
  const timestamp = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0);
  if (timestamp > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed('No time is so late', 'signature');
  return { timestamp: Number(timestamp), ed25519: bytes.slice(TIMESTAMP_BYTES) };
}

export function encodeCosignature(timestamp: number, ed25519: Uint8Array): Uint8Array {
  const time = new Uint8Array(TIMESTAMP_BYTES);
  new DataView(time.buffer).setBigUint64(0, BigInt(timestamp));
  return concatenated(time, ed25519);
}
