export const createApi = {
  name: '0001-create-api',
  sql: `
    CREATE TABLE api.sign_in_nonces (
      nonce text PRIMARY KEY,
      address text NOT NULL,
      issued_at timestamptz NOT NULL,
      expires_at timestamptz NOT NULL,
      used_at timestamptz
    );
    CREATE INDEX sign_in_nonces_expiry ON api.sign_in_nonces (expires_at);

    CREATE TABLE api.contents (
      cid text PRIMARY KEY,
      media_type text NOT NULL,
      content bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
  `,
};
