import { hash } from 'node:crypto';
import type { Uuid } from '@abland/domain';

/** Namespace of the ids of chain facts. Fixed for ever: another one would store every fact again. */
const NAMESPACE = Buffer.from('8f1f7a524d0e5c1b9b7e2a3c5d6e7f80', 'hex');

/** The id of a fact by what names it: a UUID of version 5 (RFC 9562), made by Node's own SHA-1 since every log has one. */
export function factId(name: string): Uuid {
  const digits = hash('sha1', Buffer.concat([NAMESPACE, Buffer.from(name)]), 'hex');
  const variant = ((Number.parseInt(digits.charAt(16), 16) & 3) | 8).toString(16);
  return [
    digits.slice(0, 8),
    digits.slice(8, 12),
    `5${digits.slice(13, 16)}`,
    `${variant}${digits.slice(17, 20)}`,
    digits.slice(20, 32),
  ].join('-');
}

/** What tells a fact of a chain from all others; it begins with the hash of the block that the fact is about. */
export type FactIdentity = readonly [hash: string, ...rest: string[]];

/** Of the event that completes a block. */
export const blockEndOf = (hash: string): FactIdentity => [hash, 'ingested'];

/** @param returned how often the block was taken back before: what it brings when it returns are other events */
export const factName = (chainId: number, identity: FactIdentity, returned: number): string =>
  [chainId, ...identity, ...(returned === 0 ? [] : [`returned ${returned}`])].join(':');
