import { hash } from 'node:crypto';
import { treeHasher } from '@abland/audit-verify';

/** By OpenSSL: some five times as fast as what runs everywhere. */
export const SERVER_HASHER = treeHasher((bytes) => hash('sha256', bytes, 'buffer'));

/** As SERVER_HASHER.leaf of the text's UTF-8, without making a copy of it first. */
export const leafOf = (entry: string): Buffer => hash('sha256', `\0${entry}`, 'buffer');
