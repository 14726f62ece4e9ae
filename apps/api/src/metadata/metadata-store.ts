import type pg from 'pg';
import type { InSlot } from '../reading/read-slots.js';
import { cidOf } from './cid.js';

export interface TokenMetadata {
  readonly name: string;
  readonly symbol: string;
  readonly decimals: number;
  readonly description: string;
}

export interface Content {
  readonly mediaType: string;
  readonly content: Buffer;
}

const MEDIA_TYPE = 'application/json';

/** What tokens' metadata URIs point at, by content identifier. */
export class MetadataStore {
  /** @param inSlot for what strangers read */
  constructor(
    private readonly pool: pg.Pool,
    private readonly inSlot: InSlot,
  ) {}

  /** The URI that a token's metadata has, kept or not. */
  uriOf(metadata: TokenMetadata): string {
    return `ipfs://${cidOf(contentOf(metadata))}`;
  }

  /** Keeps a token's metadata, so that it lies there before the chain names it. */
  async store(metadata: TokenMetadata): Promise<void> {
    const content = contentOf(metadata);
    await this.pool.query(
      'INSERT INTO api.contents (cid, media_type, content) VALUES ($1, $2, $3) ON CONFLICT (cid) DO NOTHING',
      [cidOf(content), MEDIA_TYPE, content],
    );
  }

  async read(cid: string): Promise<Content | null> {
    const found = await this.inSlot(() =>
      this.pool.query<{ media_type: string; content: Buffer }>(
        'SELECT media_type, content FROM api.contents WHERE cid = $1',
        [cid],
      ),
    );
    const row = found.rows[0];
    return row === undefined ? null : { mediaType: row.media_type, content: row.content };
  }
}

const contentOf = ({ name, symbol, decimals, description }: TokenMetadata): Buffer =>
  Buffer.from(JSON.stringify({ name, symbol, decimals, description }));
