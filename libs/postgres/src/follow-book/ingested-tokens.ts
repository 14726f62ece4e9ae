import type pg from 'pg';
import { inTransaction } from '../connections/checked-out-client.js';

/** Tokens of a chain, and the event of its stream in the log up to which they are all. */
export interface KeptTokens {
  readonly revision: bigint;
  readonly eventId: string;
  /** In lower case. */
  readonly tokens: readonly string[];
}

interface Row {
  readonly revision: string;
  readonly event_id: string;
  readonly tokens: readonly string[];
}

/** What the ingester of a chain knows of its tokens, kept for the next one; `migrateFollowBook` must have been called. */
export class PostgresIngestedTokens {
  constructor(
    private readonly pool: pg.Pool,
    private readonly chainId: number,
  ) {}

  /** Null where nothing was begun for the chain. */
  async read(): Promise<KeptTokens | null> {
    const { rows } = await this.pool.query<Row>(
      `SELECT revision, event_id, ARRAY(
         SELECT token FROM follow_book.ingested_tokens known WHERE known.chain_id = ingested.chain_id
       ) AS tokens
       FROM follow_book.ingested_chains ingested WHERE chain_id = $1`,
      [this.chainId],
    );
    const [row] = rows;
    return row === undefined
      ? null
      : { revision: BigInt(row.revision), eventId: row.event_id, tokens: row.tokens };
  }

  /** In the place of all that was kept. */
  async begin({ eventId, revision, tokens }: KeptTokens): Promise<void> {
    await inTransaction(this.pool, async (client) => {
      await client.query(
        `INSERT INTO follow_book.ingested_chains (chain_id, revision, event_id) VALUES ($1, $2, $3)
         ON CONFLICT (chain_id) DO UPDATE SET revision = excluded.revision, event_id = excluded.event_id`,
        [this.chainId, String(revision), eventId],
      );
      await client.query('DELETE FROM follow_book.ingested_tokens WHERE chain_id = $1', [this.chainId]);
      await client.query(
        `INSERT INTO follow_book.ingested_tokens (chain_id, token)
         SELECT DISTINCT $1::bigint, unnest($2::text[])`,
        [this.chainId, tokens],
      );
    });
  }

  /** Does nothing where another has kept as much or more. */
  async add({ eventId, revision, tokens }: KeptTokens): Promise<void> {
    await this.pool.query(
      `WITH moved AS (
         UPDATE follow_book.ingested_chains SET revision = $2, event_id = $3
         WHERE chain_id = $1 AND revision < $2 RETURNING chain_id
       )
       INSERT INTO follow_book.ingested_tokens (chain_id, token)
       SELECT chain_id, unnest($4::text[]) FROM moved ON CONFLICT DO NOTHING`,
      [this.chainId, String(revision), eventId, tokens],
    );
  }
}
