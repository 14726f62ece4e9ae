import type pg from 'pg';
import { cidOf } from './cid.js';

export interface TokenMetadata {
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly description: string;
}

const MEDIA_TYPE = 'application/json';

/** Keeps a token's metadata under its content identifier, so that it lies there before the chain names it. */
export async function storeTokenMetadata(pool: pg.Pool, token: TokenMetadata): Promise<string> {
  const { name, symbol, decimals, description } = token;
  const content = Buffer.from(JSON.stringify({ name, symbol, decimals, description }));
  const cid = cidOf(content);
  await pool.query(
    'INSERT INTO api.contents (cid, media_type, content) VALUES ($1, $2, $3) ON CONFLICT (cid) DO NOTHING',
    [cid, MEDIA_TYPE, content],
  );
  return `ipfs://${cid}`;
}

export async function readContent(
  pool: pg.Pool,
  cid: string,
): Promise<{ readonly mediaType: string; readonly content: Buffer } | null> {
  const found = await pool.query<{ media_type: string; content: Buffer }>(
    'SELECT media_type, content FROM api.contents WHERE cid = $1',
    [cid],
  );
  const row = found.rows[0];
  return row === undefined ? null : { mediaType: row.media_type, content: row.content };
}
