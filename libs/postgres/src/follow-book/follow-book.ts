import type pg from 'pg';

/** What the publisher of a chain knows of its tokens, kept for the next one; `migrateFollowBook` must have been called. */
export class PostgresFollowBook {
  constructor(
    private readonly pool: pg.Pool,
    private readonly chainId: number,
  ) {}

  /** In lower case; null where nothing was begun for this chain. */
  async tokens(): Promise<readonly string[] | null> {
    const { rows } = await this.pool.query<{ token: string | null }>(
      `SELECT token FROM follow_book.chains LEFT JOIN follow_book.tokens USING (chain_id) WHERE chain_id = $1`,
      [this.chainId],
    );
    return rows.length === 0 ? null : rows.flatMap(({ token }) => token ?? []);
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

  async add(tokens: readonly string[]): Promise<void> {
    await this.pool.query(
      `INSERT INTO follow_book.tokens (chain_id, token) SELECT $1, unnest($2::text[]) ON CONFLICT DO NOTHING`,
      [this.chainId, tokens],
    );
  }
}
