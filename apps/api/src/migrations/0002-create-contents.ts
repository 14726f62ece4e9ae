export const createContents = {
  name: '0002-create-contents',
  sql: `
    CREATE TABLE api.contents (
      cid text PRIMARY KEY,
      media_type text NOT NULL,
      content bytea NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now()
    );
  `,
};
