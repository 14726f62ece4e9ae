import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { getAddress } from 'ethers';
import { parse as bytesOf } from 'uuid';

/** A key as its owner has it: which one, whose, and what nobody else knows. */
export interface ApiKeyText {
  readonly keyId: string;
  /** Checksummed. */
  readonly address: string;
  readonly secret: Buffer;
}

/** By it a key is known for one: by us, and by those who look for what was left lying about. */
const PREFIX = 'ablk_';
/** Of its bytes, in this order. The last are a digest of the others: a slip is told from a key that was revoked, and costs no look. */
const BYTES = { id: 16, address: 20, secret: 32, check: 4 };
const CHECKED = BYTES.id + BYTES.address + BYTES.secret;
const PATTERN = /^ablk_[A-Za-z0-9_-]{96}$/;
/** What of a key is told to tell it from others: of its id alone. */
const START_LENGTH = PREFIX.length + 8;

export const newApiKeySecret = (): Buffer => randomBytes(BYTES.secret);

export function apiKeyTextOf({ address, keyId, secret }: ApiKeyText): string {
  const checked = Buffer.concat([bytesOf(keyId), Buffer.from(address.slice(2), 'hex'), secret]);
  return PREFIX + Buffer.concat([checked, checkOf(checked)]).toString('base64url');
}

/** Its first characters. */
export const apiKeyStartOf = (keyId: string): string =>
  (PREFIX + Buffer.from(bytesOf(keyId)).toString('base64url')).slice(0, START_LENGTH);

/** Whether a token is to be a key. */
export const isApiKeyText = (token: string): boolean => token.startsWith(PREFIX);

/** Null where it is none. */
export function parseApiKeyText(text: string): ApiKeyText | null {
  if (!PATTERN.test(text)) return null;
  const bytes = Buffer.from(text.slice(PREFIX.length), 'base64url');
  const checked = bytes.subarray(0, CHECKED);
  if (!checkOf(checked).equals(bytes.subarray(CHECKED))) return null;
  const secretAt = BYTES.id + BYTES.address;
  return {
    keyId: stringifyId(bytes.subarray(0, BYTES.id)),
    address: getAddress(`0x${bytes.subarray(BYTES.id, secretAt).toString('hex')}`),
    secret: bytes.subarray(secretAt, CHECKED),
  };
}

/** As the log has it. */
export const apiKeyHashOf = (secret: Buffer): string =>
  `0x${createHash('sha256').update(secret).digest('hex')}`;

export const isSecretOf = (secret: Buffer, hash: string): boolean =>
  timingSafeEqual(Buffer.from(apiKeyHashOf(secret)), Buffer.from(hash));

const checkOf = (bytes: Buffer): Buffer =>
  createHash('sha256').update(bytes).digest().subarray(0, BYTES.check);

/** Of any bytes: those that are no id of ours are found in no log. */
function stringifyId(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}
