/** Whose turn it is, for moments: lost with a crash of the server, which ends every turn too. */
export const knowTurns = {
  name: '0002-know-turns',
  sql: `
    CREATE UNLOGGED TABLE api.turns (
      key text PRIMARY KEY,
      holder uuid NOT NULL,
      held_until timestamptz NOT NULL
    );
  `,
};
