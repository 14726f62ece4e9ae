export const hexText = (text: string): string =>
  `0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;

/** As JSON-RPC writes a quantity. */
export const hexNumber = (value: bigint): string => `0x${value.toString(16)}`;
