/** When a key was last used: to the hour, and of the key alone. */
export const noteKeyUses = {
  name: '0003-note-key-uses',
  sql: `
    CREATE TABLE api.api_key_uses (
      key_id uuid PRIMARY KEY,
      used_at timestamptz NOT NULL
    );
    -- By it those of keys that are none any more are found.
    CREATE INDEX api_key_uses_used_at ON api.api_key_uses (used_at);
  `,
};
