import pg from 'pg';

/** SQLSTATEs of a database that has no log: no such schema, table or function, or no such database. */
const GONE = new Set(['3F000', '42P01', '42883', '3D000']);

/** Whether the log that was there when the store was opened is there no more. */
export const isLogGone = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && GONE.has(error.code ?? '');
