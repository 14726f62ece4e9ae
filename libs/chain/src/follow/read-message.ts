import { type Json, UUID } from '@abland/kernel';
import type { ChainMessage } from './messages.js';

/** What stands on the log stream, once it was looked at: whoever may write there is not believed. */
export type ReadMessage =
  | { readonly kind: 'read'; readonly message: ChainMessage }
  | {
      readonly kind: 'unreadable';
      /** KIND_UNKNOWN: of a newer version, say. */
      readonly code: 'MESSAGE_ILL_FORMED' | 'MESSAGE_KIND_UNKNOWN';
      /** Names the member at fault. */
      readonly reason: string;
    };

class IllFormed extends Error {}

type Check = (value: unknown, at: string) => void;
type Members = Readonly<Record<string, Check>>;

const HASH = /^0x[0-9a-f]{64}$/;
const ADDRESS = /^0x[0-9a-f]{40}$/;
const BYTES = /^0x(?:[0-9a-f]{2})*$/;

const text =
  (pattern: RegExp, what: string): Check =>
  (value, at) => {
    if (typeof value !== 'string' || !pattern.test(value)) throw new IllFormed(`${at} is no ${what}`);
  };
const hash = text(HASH, 'hash');
const address = text(ADDRESS, 'address in lower case');
const bytes = text(BYTES, 'bytes in lower-case hexadecimal');
const uuid = text(UUID, 'UUID');
const anyText = text(/^/, 'text');
const count: Check = (value, at) => {
  if (!Number.isSafeInteger(value) || (value as number) < 0) throw new IllFormed(`${at} is no whole number`);
};
const oneOf = (...names: readonly string[]): Check =>
  text(new RegExp(`^(?:${names.join('|')})$`), names.join(' or '));
const orNull =
  (check: Check): Check =>
  (value, at) => {
    if (value !== null) check(value, at);
  };
const optional =
  (check: Check): Check =>
  (value, at) => {
    if (value !== undefined) check(value, at);
  };
const listOf =
  (check: Check): Check =>
  (value, at) => {
    if (!Array.isArray(value)) throw new IllFormed(`${at} is no list`);
    for (let index = 0; index < value.length; index += 1) check(value[index], `${at}[${index}]`);
  };
/** What it has beside these is a newer version's, and is let be. */
const object =
  (members: Members): Check =>
  (value, at) => {
    if (!isObject(value)) throw new IllFormed(`${at === '' ? 'The message' : at} is no object`);
    for (const name in members) members[name]?.(value[name], at === '' ? name : `${at}.${name}`);
  };
const by =
  (named: Check, check: Check): Check =>
  (value, at) => {
    if (!isObject(value)) throw new IllFormed(`${at} is no object`);
    for (const [name, one] of Object.entries(value)) {
      named(name, `a name of ${at}`);
      check(one, `${at}.${name}`);
    }
  };
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const reference: Members = { number: count, hash, time: count };
const log = object({ address, topics: listOf(hash), data: bytes, txHash: hash, logIndex: count });
const commands = by(hash, uuid);
const decimal = text(/^(?:0|[1-9][0-9]{0,77})$/, 'amount in decimal');
const cost = object({
  hash,
  from: address,
  gasUsed: decimal,
  gasPrice: decimal,
  dataFee: orNull(decimal),
  total: decimal,
});
/** `INPUT_BYTES_MAX` at most. */
const sentBytes = text(/^0x(?:[0-9a-f]{2}){0,1024}$/, 'input in lower-case hexadecimal, its beginning');
const earlier = listOf(object({ ...reference, logs: listOf(log), commands }));
const silence = orNull(oneOf('FAILED', 'EMPTY', 'MALFORMED', 'UNANSWERED'));
const described = object({
  token: text(/^0x[0-9a-fA-F]{40}$/, 'address'),
  name: orNull(anyText),
  symbol: orNull(anyText),
  decimals: orNull(count),
  missing: object({ name: silence, symbol: silence, decimals: silence }),
  state: oneOf('BLOCK', 'NEWEST'),
});
const block = object({
  ...reference,
  parentHash: hash,
  proof: oneOf('NONE', 'BLOOM', 'RECEIPTS'),
  providers: count,
  logs: listOf(log),
  failures: listOf(object({ hash, from: address, to: address, reason: orNull(anyText) })),
  commands,
  costs: optional(listOf(cost)),
  sent: optional(by(hash, object({ value: decimal, input: sentBytes, inputBytes: count }))),
  followed: listOf(address),
  earlier: optional(earlier),
  earlierOf: optional(listOf(address)),
  behind: optional(by(address, object(reference))),
  described: optional(listOf(described)),
});

const KINDS: Readonly<Record<ChainMessage['kind'], Check>> = {
  block: object({ block, parts: optional(count) }),
  part: object({ number: count, hash, index: count, logs: listOf(log), earlier }),
  reverted: object({ fromNumber: count, toNumber: count, hashes: listOf(hash), ancestor: object(reference) }),
  finalized: object({ final: object(reference), tip: optional(count) }),
};

/** Never throws. */
export function readMessage(value: Json): ReadMessage {
  const kind = isObject(value) ? value['kind'] : undefined;
  const check =
    typeof kind === 'string' && Object.hasOwn(KINDS, kind) ? KINDS[kind as ChainMessage['kind']] : null;
  if (check === null) {
    const reason =
      typeof kind === 'string' ? `No message of kind ${kind.slice(0, 100)} is known` : 'kind is no text';
    return {
      kind: 'unreadable',
      code: typeof kind === 'string' ? 'MESSAGE_KIND_UNKNOWN' : 'MESSAGE_ILL_FORMED',
      reason,
    };
  }
  try {
    check(value, '');
  } catch (error) {
    if (!(error instanceof IllFormed)) throw error;
    return { kind: 'unreadable', code: 'MESSAGE_ILL_FORMED', reason: error.message.slice(0, 500) };
  }
  return { kind: 'read', message: value as unknown as ChainMessage };
}
