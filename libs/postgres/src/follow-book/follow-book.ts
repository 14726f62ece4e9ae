import type pg from 'pg';

/** What the publisher of a chain knows of its tokens, kept for the next one; `migrateFollowBook` must have been called. */
export class PostgresFollowBook {
  constructor(
    private readonly pool: pg.Pool,
    private readonly chainId: number,
  ) {}

  /** In lower case, each with the factory that created it before it was followed itself; null where nothing was begun for this chain. */
  async tokens(): Promise<readonly { token: string; earlierOf: string | null }[] | null> {
    const { rows } = await this.pool.query<{ token: string | null; earlier_of: string | null }>(
      `SELECT token, earlier_of FROM follow_book.chains LEFT JOIN follow_book.tokens USING (chain_id) WHERE chain_id = $1`,
      [this.chainId],
    );
    if (rows.length === 0) return null;
    return rows.flatMap(({ earlier_of: earlierOf, token }) => (token === null ? [] : { token, earlierOf }));
  }

  /** From now on these, and those that are added, are all tokens of the chain. */
  async begin(tokens: readonly string[]): Promise<void> {
    await this.pool.query(
      `WITH begun AS (
        INSERT INTO follow_book.chains (chain_id) VALUES ($1) ON CONFLICT DO NOTHING
      )
      INSERT INTO follow_book.tokens (chain_id, token) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`,
      [this.chainId, tokens],
    );
  }

  /** Those that are there already stay as they are. */
  async add(tokens: readonly string[], earlierOf: string | null): Promise<void> {
    await this.pool.query(
      `INSERT INTO follow_book.tokens (chain_id, token, earlier_of) SELECT $1, unnest($2::text[]), $3
       ON CONFLICT DO NOTHING`,
      [this.chainId, tokens, earlierOf],
    );
  }
}
