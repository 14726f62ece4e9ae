import type { HexData, TokenDescribed, TokenSilence } from '@abland/domain';

/** Code points. What is longer is cut, and ends with an ellipsis that counts. */
export const NAME_LENGTH_MAX = 100;
export const SYMBOL_LENGTH_MAX = 32;
const BYTES_A_CODE_POINT = 4;
const WORD = 32;
const DECIMALS_MAX = 255n;

export type TokenField = keyof TokenDescribed['data']['missing'];
export const TOKEN_FIELDS: readonly TokenField[] = ['name', 'symbol', 'decimals'];

/** What a token told, or why it told nothing. */
export type TokenAnswer<Value> = { readonly value: Value } | { readonly missing: TokenSilence };

const UTF8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * What `name()` or `symbol()` returned: a string, or 32 bytes filled up with zeros, as tokens from before the standard have it
 * (MKR). Whatever a stranger put there, a text of bounded length comes of it or none.
 */
export function textAnswer(returned: HexData, lengthMax: number): TokenAnswer<string> {
  const bytes = Buffer.from(returned.slice(2), 'hex');
  if (bytes.length === 0) return { missing: 'EMPTY' };
  const text = bytes.length === WORD ? untilZeros(bytes) : stringIn(bytes);
  if (text === null) return { missing: 'MALFORMED' };
  const whole = [...UTF8.decode(text.subarray(0, BYTES_A_CODE_POINT * (lengthMax + 1)))];
  const value = whole.length > lengthMax ? `${whole.slice(0, lengthMax - 1).join('')}…` : whole.join('');
  return { value: value.toWellFormed() };
}

/** What `decimals()` returned: a byte, in a word. */
export function decimalsAnswer(returned: HexData): TokenAnswer<number> {
  const bytes = Buffer.from(returned.slice(2), 'hex');
  if (bytes.length === 0) return { missing: 'EMPTY' };
  const value = wordAt(bytes, 0);
  return value === null || value > DECIMALS_MAX ? { missing: 'MALFORMED' } : { value: Number(value) };
}

function untilZeros(bytes: Buffer): Buffer {
  let end = bytes.length;
  while (end > 0 && bytes[end - 1] === 0) end -= 1;
  return bytes.subarray(0, end);
}

/** As the ABI has it: where it begins, its length, its bytes; compilers differ in whether they fill up the last word. */
function stringIn(bytes: Buffer): Buffer | null {
  const start = placeIn(bytes, wordAt(bytes, 0));
  if (start === null) return null;
  const length = placeIn(bytes, wordAt(bytes, start));
  if (length === null || start + WORD + length > bytes.length) return null;
  return bytes.subarray(start + WORD, start + WORD + length);
}

/** A number that may be a place or length within so many bytes. */
const placeIn = (bytes: Buffer, word: bigint | null): number | null =>
  word === null || word > BigInt(bytes.length) ? null : Number(word);

function wordAt(bytes: Buffer, start: number): bigint | null {
  if (start + WORD > bytes.length) return null;
  return BigInt(`0x${bytes.toString('hex', start, start + WORD)}`);
}
