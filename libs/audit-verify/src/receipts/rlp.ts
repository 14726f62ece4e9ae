import { ProofError } from '../faults/proof-error.js';

/** Bytes, or a list of items: the recursive length prefix of the yellow paper, appendix B. */
export type RlpItem = Uint8Array | readonly RlpItem[];

const BYTES = 0x80;
const LIST = 0xc0;
const SHORT_MAX = 55;
/** A length of more bytes is of nothing that there is. */
const LENGTH_BYTES_MAX = 4;

/** Takes the one text that there is of an item and no other that would say the same. @throws ProofError NOT_ON_CHAIN */
export function decodeRlp(bytes: Uint8Array): RlpItem {
  const { end, item } = itemAt(bytes, 0, bytes.length);
  if (end !== bytes.length) throw notRlp();
  return item;
}

/** As `decodeRlp`, of a list. */
export function decodeList(bytes: Uint8Array): readonly RlpItem[] {
  return listOf(decodeRlp(bytes));
}

/** @throws ProofError NOT_ON_CHAIN */
export function listOf(item: RlpItem | undefined): readonly RlpItem[] {
  if (item === undefined || item instanceof Uint8Array) throw notRlp();
  return item;
}

/** @throws ProofError NOT_ON_CHAIN */
export function bytesOf(item: RlpItem | undefined): Uint8Array {
  if (!(item instanceof Uint8Array)) throw notRlp();
  return item;
}

/** @throws ProofError NOT_ON_CHAIN where it is more than JavaScript counts exactly */
export function numberOf(item: RlpItem | undefined): number {
  const value = bytesOf(item).reduce((number, byte) => number * 256 + byte, 0);
  if (!Number.isSafeInteger(value)) throw notRlp();
  return value;
}

/** Of bytes, and of lists of what is written already. */
export function encodeRlp(item: RlpItem): Uint8Array {
  if (item instanceof Uint8Array)
    return item.length === 1 && (item[0] ?? 0) < BYTES ? item : prefixed(BYTES, item);
  const parts = item.map(encodeRlp);
  const payload = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    payload.set(part, at);
    at += part.length;
  }
  return prefixed(LIST, payload);
}

function prefixed(kind: number, payload: Uint8Array): Uint8Array {
  const length = payload.length <= SHORT_MAX ? [] : bytesOfNumber(payload.length);
  const first = kind + (payload.length <= SHORT_MAX ? payload.length : SHORT_MAX + length.length);
  return Uint8Array.from([first, ...length, ...payload]);
}

/** Big-endian, without leading zeroes: none of 0. */
export function bytesOfNumber(value: number): readonly number[] {
  const bytes: number[] = [];
  for (let rest = value; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return bytes;
}

interface Read {
  readonly item: RlpItem;
  readonly end: number;
}

function itemAt(bytes: Uint8Array, at: number, limit: number): Read {
  const first = bytes[at];
  if (first === undefined || at >= limit) throw notRlp();
  if (first < BYTES) return { item: bytes.slice(at, at + 1), end: at + 1 };
  const isList = first >= LIST;
  const { end, start } = extentOf(bytes, at, isList ? LIST : BYTES, limit);
  if (isList) return { item: itemsIn(bytes, start, end), end };
  const item = bytes.slice(start, end);
  if (item.length === 1 && (item[0] ?? 0) < BYTES) throw notRlp(); // it would be written as itself
  return { item, end };
}

function itemsIn(bytes: Uint8Array, start: number, end: number): readonly RlpItem[] {
  const items: RlpItem[] = [];
  for (let at = start; at < end;) {
    const read = itemAt(bytes, at, end);
    items.push(read.item);
    at = read.end;
  }
  return items;
}

function extentOf(
  bytes: Uint8Array,
  at: number,
  kind: number,
  limit: number,
): { readonly start: number; readonly end: number } {
  const told = (bytes[at] ?? 0) - kind;
  const lengthBytes = Math.max(0, told - SHORT_MAX);
  const start = at + 1 + lengthBytes;
  const length = lengthBytes === 0 ? told : longLength(bytes.slice(at + 1, start), lengthBytes);
  if (start + length > limit) throw notRlp();
  return { start, end: start + length };
}

function longLength(bytes: Uint8Array, count: number): number {
  const length = bytes.reduce((number, byte) => number * 256 + byte, 0);
  const isShortest = bytes.length === count && bytes[0] !== 0 && length > SHORT_MAX;
  if (count > LENGTH_BYTES_MAX || !isShortest) throw notRlp();
  return length;
}

const notRlp = (): ProofError =>
  new ProofError('NOT_ON_CHAIN', 'What the chain would have is not in its encoding');
