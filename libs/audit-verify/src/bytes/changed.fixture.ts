/** The bytes with one bit of them changed, once for each byte, another bit each time. */
export const eachByteChanged = (bytes: Uint8Array): readonly Uint8Array[] =>
  Array.from(bytes, (byte, at) => bytes.with(at, byte ^ (1 << (at % 8))));
