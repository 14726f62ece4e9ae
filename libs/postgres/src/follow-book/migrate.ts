import type pg from 'pg';
import { applyMigrations, type Migration } from '../migrations/migrations.js';

const createFollowBook: Migration = {
  name: '0001-create-follow-book',
  sql: `
    -- Chains all of whose tokens are in the table of tokens, as far as they were published.
    CREATE TABLE follow_book.chains (
      chain_id bigint PRIMARY KEY
    );
    -- In lower case. One that a reorg took back may stay.
    CREATE TABLE follow_book.tokens (
      chain_id bigint NOT NULL REFERENCES follow_book.chains,
      token text COLLATE "C" NOT NULL,
      PRIMARY KEY (chain_id, token)
    );
  `,
};

const knowEarlierTokens: Migration = {
  name: '0002-know-earlier-tokens',
  sql: `
    -- The factory, in lower case, that created the token before it was followed itself.
    ALTER TABLE follow_book.tokens ADD COLUMN earlier_of text COLLATE "C";
  `,
};

const keepIngestedTokens: Migration = {
  name: '0003-keep-ingested-tokens',
  sql: `
    -- The event up to which the log's stream of the chain was looked through for tokens.
    CREATE TABLE follow_book.ingested_chains (
      chain_id bigint PRIMARY KEY,
      revision numeric(20) NOT NULL,
      event_id uuid NOT NULL
    );
    -- In lower case, those that the log tells of up to there, also where a reorg took them back.
    CREATE TABLE follow_book.ingested_tokens (
      chain_id bigint NOT NULL REFERENCES follow_book.ingested_chains,
      token text COLLATE "C" NOT NULL,
      PRIMARY KEY (chain_id, token)
    );
  `,
};

export const FOLLOW_BOOK_MIGRATIONS: readonly Migration[] = [
  createFollowBook,
  knowEarlierTokens,
  keepIngestedTokens,
];

/** Brings the schema `follow_book` to what this version needs; safe to call from several starts at once. */
export async function migrateFollowBook(pool: pg.Pool): Promise<void> {
  await applyMigrations(pool, 'follow_book', FOLLOW_BOOK_MIGRATIONS);
}
