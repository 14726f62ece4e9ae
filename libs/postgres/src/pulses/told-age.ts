/**
 * SQL: milliseconds since a moment of the database's clock. One that lies ahead is of before that clock was set back: how long ago it was
 * is not known, and it must be taken for new neither now nor until the clock is there again.
 */
export const toldAge = (column: string): string =>
  `abs(extract(epoch FROM clock_timestamp() - ${column}) * 1000)::float8`;
