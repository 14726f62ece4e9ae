import type pg from 'pg';

/** A statement that took long. Of its values nothing is told: they may be a person's own words. */
export interface SlowStatement {
  readonly sql: string;
  readonly durationMs: number;
  readonly failed: boolean;
}

/** Longer texts say no more of which statement it is. */
const SQL_CHARS_MAX = 2_000;

type Query = (...args: readonly unknown[]) => unknown;
type Done = (error: unknown, ...results: readonly unknown[]) => void;

/** The client's `query`, which tells of what took longer than so many milliseconds, however it is called. */
export function tellingSlow(
  client: pg.ClientBase,
  afterMs: number,
  tell: (statement: SlowStatement) => void,
  now: () => number = () => performance.now(),
): pg.ClientBase['query'] {
  const query = client.query.bind(client) as Query;
  const timed = (...args: readonly unknown[]): unknown => {
    const begun = now();
    const told = (failed: boolean): void => {
      const durationMs = Math.round(now() - begun);
      if (durationMs > afterMs) tell({ sql: textOf(args[0]), durationMs, failed });
    };
    const done = args.at(-1);
    if (typeof done === 'function') {
      const after: Done = (error, ...results) => {
        told(Boolean(error));
        (done as Done)(error, ...results);
      };
      return query(...args.slice(0, -1), after);
    }
    const result = query(...args);
    if (result instanceof Promise)
      result.then(
        () => told(false),
        () => told(true),
      );
    return result;
  };
  return timed as pg.ClientBase['query'];
}

function textOf(statement: unknown): string {
  const text =
    typeof statement === 'object' && statement !== null && 'text' in statement ? statement.text : statement;
  return (typeof text === 'string' ? text : 'a statement without a text')
    .replace(/\s+/g, ' ')
    .slice(0, SQL_CHARS_MAX);
}
