import { malformed } from '../faults/proof-error.js';

/** More does not fit before the two bytes of an entry's length. */
export const ENTRY_BYTES_MAX = 0xffff;
const LENGTH_BYTES = 2;

/** Entries one after the other, each behind its length as a big-endian uint16: C2SP tlog-tiles, log entries. */
export function encodeBundle(entries: readonly Uint8Array[]): Uint8Array {
  const bundle = new Uint8Array(entries.reduce((size, { length }) => size + LENGTH_BYTES + length, 0));
  const view = new DataView(bundle.buffer);
  let offset = 0;
  for (const entry of entries) {
    if (entry.length > ENTRY_BYTES_MAX) throw malformed('An entry has more than 65,535 bytes');
    view.setUint16(offset, entry.length);
    bundle.set(entry, offset + LENGTH_BYTES);
    offset += LENGTH_BYTES + entry.length;
  }
  return bundle;
}

/** @throws ProofError MALFORMED where it is cut off */
export function decodeBundle(bundle: Uint8Array): readonly Uint8Array[] {
  const view = new DataView(bundle.buffer, bundle.byteOffset, bundle.byteLength);
  const entries: Uint8Array[] = [];
  let offset = 0;
  while (offset < bundle.length) {
    const start = offset + LENGTH_BYTES;
    const end = start > bundle.length ? Infinity : start + view.getUint16(offset);
    if (end > bundle.length) throw malformed('A bundle of entries is cut off');
    entries.push(bundle.subarray(start, end));
    offset = end;
  }
  return entries;
}
