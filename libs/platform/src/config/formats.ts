import { createHash } from 'node:crypto';
import { isIP } from 'node:net';
import { resolve } from 'node:path';
import { getAddress, ZeroAddress } from 'ethers';
import { z } from 'zod';
import { DATA_FEE_UNITS, DATA_FEES } from './chain-shapes.js';
import { ASK_ANOTHER, isBlocked } from './web-ports.js';

export const url = (...protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) =>
        URL.canParse(text) &&
        protocols.includes(new URL(text).protocol.slice(0, -1)) &&
        // To the parser `http:here` is as good.
        /^[^:]+:\/\//.test(text),
      { error: `must be a URL with ${protocols.join(' or ')}://`, abort: true },
    )
    .refine((text) => !/\s/.test(text), 'must not hold blanks: write %20 in a password');

/** Of a client that reads a user and a password as URLs have them, and throws what it cannot read. */
const withLogin = (...protocols: readonly string[]) =>
  url(...protocols).refine((text) => {
    const { username, password } = new URL(text);
    return isDecodable(username) && isDecodable(password);
  }, 'must write %25 for a % in its user or password');

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

export const eventStoreDbUrl = withLogin('esdb', 'esdb+discover');

export const redisUrl = withLogin('redis', 'rediss').refine(
  (text) => /^(?:\/\d{0,5})?$/.test(new URL(text).pathname),
  'must lead to a database by its number, or to none: redis://host:6379/0',
);

/** Of a chain's JSON-RPC. */
export const providerUrl = url('http', 'https', 'ws', 'wss');

/** Which of some values is that of one before it; null: none. */
export function repeated(values: readonly unknown[]): { readonly index: number; readonly of: number } | null {
  const index = values.findIndex((value, at) => values.indexOf(value) < at);
  return index === -1 ? null : { index, of: values.indexOf(values[index]) };
}

/** Which of some URLs leads where one before it does, in whatever spelling: nobody agrees with themselves. Null: none. */
export const repeatedUrl = (urls: readonly string[]) => repeated(urls.map((text) => new URL(text).href));

/** GraphQL's Int, which ids of chains are answered as, ends there. */
export const CHAIN_ID_MAX = 2_147_483_647;

/** Where people reach something. It is shown to them: what it says beyond the place would be too. */
export const publicPlace = url('http', 'https')
  .refine((text) => {
    const { username, password, search, hash } = new URL(text);
    return `${username}${password}${search}${hash}` === '' && !/[?#@]/.test(text);
  }, 'must hold no user, password, query or fragment')
  .refine((text) => !isBlocked(new URL(text).port), `must be at ${ASK_ANOTHER}`);

/** As browsers say it: they are compared as texts. */
export const origin = url('http', 'https').superRefine((text, context) => {
  const asSaid = new URL(text).origin;
  if (text !== asSaid) context.addIssue(`must be an origin, as browsers say it: is it ${asSaid}?`);
});

export const oneOf = <const Values extends readonly [string, ...string[]]>(...values: Values) =>
  z.enum(values, `must be one of ${values.join(', ')}`);

/** A field of a receipt, as JSON-RPC names it. */
export const fieldName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]{0,63}$/, 'must be the name of a field');

/** `detect`, `none`, or the field that tells it: `wei:l1Fee`, `gas:gasUsedForL1`. */
export const dataFee = z.string().transform((text, context) => {
  if (text === 'detect' || text === 'none') return DATA_FEES[text];
  const [, unit, field] = /^(wei|gas):(.*)$/.exec(text) ?? [];
  if (fieldName.safeParse(field).success && (unit === 'wei' || unit === 'gas'))
    return { unit: DATA_FEE_UNITS[unit], field: field ?? '' };
  context.addIssue('must be detect, none, wei:FIELD or gas:FIELD');
  return z.NEVER;
});

export const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);

/** Where something is served to browsers, or asked by `fetch`; 0: any that is free. */
export const webPort = integer(0, 65_535).refine((port) => !isBlocked(port), `must be ${ASK_ANOTHER}`);

/** As addresses of commands are: in its EIP-55 spelling, or in one case, which claims no checksum. Parsed into that spelling. */
export const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, { message: 'must be an address: 0x and 40 hexadecimal digits', abort: true })
  .refine((text) => text !== ZeroAddress, { error: 'must not be the zero address', abort: true })
  .transform((text, context) => {
    const lowerCase = text.toLowerCase();
    const checksummed = getAddress(lowerCase);
    const upperCase = `0x${text.slice(2).toUpperCase()}`;
    if ([checksummed, lowerCase, upperCase].includes(text)) return checksummed;
    context.addIssue({ code: 'custom', message: `has a wrong checksum: is it ${checksummed}?` });
    return z.NEVER;
  });

/** Whatever it says; a blank or a line end around it is a slip of who wrote it down, and would name another folder or person. */
export const freeText = z
  .string()
  .refine((text) => text.trim() === text, 'must not begin or end with a blank or a line end');

/** Of our folder where it is relative; parsed into a path that other programs, which have a folder of their own, understand. */
export const path = freeText.transform((text) => resolve(text));

/** Of a server that is spoken to by a protocol of its own. */
export const hostAndPort = z
  .string()
  .regex(/^[^:\s]+:\d+$/, { message: 'must be host:port, comma separated', abort: true })
  .refine((text) => {
    const port = Number(text.slice(text.indexOf(':') + 1));
    return port >= 1 && port <= 65_535;
  }, 'must have ports from 1 to 65535');

const SECONDS: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };
const [COUNT_MAX, WINDOW_SECONDS_MAX] = [1_000_000_000, 86_400];

/** `100/15m`: so many in so many seconds, minutes, hours or days. Or `off`. */
export const rateLimit = z.string().transform((text, context) => {
  if (text === 'off') return 'off' as const;
  const [, count, units, unit = ''] = /^(\d{1,10})\/(\d{1,5})?([smhd])$/.exec(text) ?? [];
  const seconds = Number(units ?? 1) * (SECONDS[unit] ?? 0);
  const isOne =
    Number(count) >= 1 && Number(count) <= COUNT_MAX && seconds >= 1 && seconds <= WINDOW_SECONDS_MAX;
  if (isOne) return { count: Number(count), seconds };
  context.addIssue('must be off, or a count and a time, of a day at most, like 100/15m');
  return z.NEVER;
});

/** An address of the network, or a range of them in CIDR's form. */
export const network = z.string().refine((text) => {
  const [, address = '', prefix] = /^([^/]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const version = isIP(address);
  return version !== 0 && Number(prefix ?? 0) <= (version === 4 ? 32 : 128);
}, 'must be IP addresses or ranges like 10.0.0.0/8, comma separated');

/** Comma separated. */
export const list = <Item>(item: z.ZodType<Item, string>) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1));

/** Of secp256k1's group: a private key is at least 1 and less than this. SEC 2, section 2.4.1. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

/** Of an account. What it is stays out of the message. */
export const privateKey = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/, { message: 'must be 0x and 64 hexadecimal digits', abort: true })
  .refine((text) => {
    const number = BigInt(text);
    return number > 0n && number < CURVE_ORDER;
  }, 'must not be zero, nor as large as the order of secp256k1: no account has such a key');

/** Fewer are no secret that somebody drew: 32 random hexadecimal digits have fewer less than once in ten million times. */
const DIFFERENT_CHARACTERS_MIN = 8;

/** What sessions are signed with. Blanks and line ends around it count for nothing: who keeps it in a file may have one more. */
export const signingSecret = z
  .string()
  .refine((text) => text.trim().length >= 32, { error: 'must have at least 32 characters', abort: true })
  .refine(
    (text) => new Set(text.replace(/\s/g, '')).size >= DIFFERENT_CHARACTERS_MIN,
    `must have at least ${DIFFERENT_CHARACTERS_MIN} different characters: \`openssl rand -base64 32\` makes one`,
  )
  .transform((text) => text.trim());

/** Who makes a token, or whom it is for (RFC 7519: a text that only they compare). */
export const tokenParty = z
  .string()
  .regex(/^[\x21-\x7e]{1,200}$/, 'must be 1 to 200 visible ASCII characters, without blanks');

/** 32 bytes in base64. */
export const masterKey = z
  .string()
  .regex(/^[A-Za-z0-9+/]{43}=$/, 'must be 32 bytes in base64: `openssl rand -base64 32` makes one');

/** Of a log that signs notes: C2SP signed-note, key names. */
export const keyName = z
  .string()
  .regex(
    /^[\x21-\x2a\x2c-\x7e]{1,200}$/,
    'must be 1 to 200 printable ASCII characters without blanks and "+"',
  );

/** Who cosigns the log's checkpoints: a verifier key of C2SP signed-note, a blank, and the witness's submission prefix. */
export const witness = z.string().transform((text, context) => {
  const [key = '', at = '', ...more] = text.split(' ');
  const where = publicPlace.safeParse(at);
  if (more.length === 0 && isWitnessKey(key) && where.success)
    return { key, url: where.data.replace(/\/+$/, '') };
  context.addIssue('must be verifier keys of cosignatures, each with a blank and the URL of its witness');
  return z.NEVER;
});

/** Whether it is of Ed25519 cosignatures, and has the id that it names: C2SP signed-note, verifier keys. */
function isWitnessKey(text: string): boolean {
  const [, name = '', id, encoded = ''] =
    /^([^\s+]{1,200})\+([0-9a-f]{8})\+([A-Za-z0-9+/]{44})$/.exec(text) ?? [];
  const typed = Buffer.from(encoded, 'base64');
  const named = createHash('sha256').update(`${name}\n`).update(typed).digest('hex');
  return typed[0] === COSIGNATURE && typed.length === 33 && named.startsWith(id ?? ' ');
}

const COSIGNATURE = 0x04;
