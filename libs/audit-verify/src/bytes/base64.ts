import { malformed } from '../faults/proof-error.js';

const ENCODED = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
/** So many arguments a call of `fromCharCode` are far from what engines refuse. */
const CHUNK = 8_192;

/** RFC 4648, section 4. */
export function toBase64(bytes: Uint8Array): string {
  let binary = '';
  for (let start = 0; start < bytes.length; start += CHUNK)
    binary += String.fromCharCode(...bytes.subarray(start, start + CHUNK));
  return btoa(binary);
}

/**
 * Takes the one text that `toBase64` gives of some bytes, and no other that would decode to them: no blanks, no missing padding, no
 * bits that say nothing.
 * @throws ProofError MALFORMED
 */
export function fromBase64(text: string, at: string | null = null): Uint8Array {
  if (!ENCODED.test(text)) throw malformed('Not base64', at);
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  if (text.endsWith('=') && toBase64(bytes) !== text)
    throw malformed('Base64 with bits that say nothing', at);
  return bytes;
}
