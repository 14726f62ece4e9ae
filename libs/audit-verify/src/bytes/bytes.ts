import { malformed } from '../faults/proof-error.js';

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export const toUtf8 = (text: string): Uint8Array => encoder.encode(text);

/** @throws ProofError MALFORMED */
export function fromUtf8(bytes: Uint8Array, at: string | null = null): string {
  try {
    return decoder.decode(bytes);
  } catch {
    throw malformed('Not UTF-8', at);
  }
}

export function concatenated(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let offset = 0;
  for (const part of parts) {
    whole.set(part, offset);
    offset += part.length;
  }
  return whole;
}

export function areEqual(left: Uint8Array, right: Uint8Array): boolean {
  return left.length === right.length && left.every((byte, index) => byte === right[index]);
}

export const toHex = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

/** Of an even number of lower-case digits. @throws ProofError MALFORMED */
export function fromHex(text: string, at: string | null = null): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(text)) throw malformed('Not lower-case hexadecimal', at);
  return Uint8Array.from({ length: text.length / 2 }, (_, index) =>
    Number.parseInt(text.slice(2 * index, 2 * index + 2), 16),
  );
}
