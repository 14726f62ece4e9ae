import pg from 'pg';
import { isOfFailedTransaction, isOutdatedStatement } from './failure-classes.js';
import type { PostgresClient } from './postgres-client.js';

/** As much of a connection as reading needs. */
export interface Asked {
  query(text: string, values: readonly unknown[]): Promise<pg.QueryResult>;
}

/** Statements that one session keeps by name; of more, those asked for longest ago are let go. */
const NAMES_MAX = 100;
const READING = /^\s*(?:select|with)\b/i;

/**
 * Asks on a connection such that the server plans what is asked again and again once, as a statement with a name of the
 * session. Behind a pooler that gives a connection to each transaction nothing has a name, since no session keeps it.
 */
export function namedStatements(client: pg.ClientBase): Asked {
  if ((client as PostgresClient).pooled) return { query: (text, values) => client.query(text, [...values]) };
  const names = NAMES.get(client) ?? new StatementNames();
  NAMES.set(client, names);
  return {
    query: (text, values) =>
      READING.test(text) ? asked(client, names, text, [...values]) : client.query(text, [...values]),
  };
}

const NAMES = new WeakMap<pg.ClientBase, StatementNames>();

async function asked(
  client: pg.ClientBase,
  names: StatementNames,
  text: string,
  values: unknown[],
): Promise<pg.QueryResult> {
  const name = names.of(text);
  letGo(client, names);
  try {
    return await client.query({ name, text, values });
  } catch (error) {
    if (!isOutdatedStatement(error)) throw error;
    names.drop(text);
    return client.query(text, values).catch((again: unknown) => {
      throw isOfFailedTransaction(again) ? error : again;
    });
  }
}

/** In the order of the connection's queries, waited for by nobody: what fails in a transaction that failed is tried again. */
function letGo(client: pg.ClientBase, names: StatementNames): void {
  for (const name of names.takeDropped()) {
    client.query(`DEALLOCATE ${pg.escapeIdentifier(name)}`).then(
      () => void Reflect.deleteProperty(parsedBy(client), name),
      (error: unknown) => {
        if (isOfFailedTransaction(error)) names.dropAgain(name);
      },
    );
  }
}

/** Texts of statements by their names, as node-postgres keeps them for ever. */
const parsedBy = (client: pg.ClientBase): Record<string, string> =>
  (client as unknown as { readonly connection: { readonly parsedStatements: Record<string, string> } })
    .connection.parsedStatements;

/** A name is never given twice in a session: one that is being let go is no other statement's meanwhile. */
class StatementNames {
  /** By text, the one asked for longest ago first. */
  private readonly names = new Map<string, string>();
  private dropped: string[] = [];
  private given = 0;

  of(text: string): string {
    const known = this.names.get(text);
    if (known !== undefined) this.names.delete(text);
    const name = known ?? `abland-${(this.given += 1)}`;
    this.names.set(text, name);
    const [oldest] = this.names.keys();
    if (this.names.size > NAMES_MAX && oldest !== undefined) this.drop(oldest);
    return name;
  }

  drop(text: string): void {
    const name = this.names.get(text);
    this.names.delete(text);
    if (name !== undefined) this.dropped.push(name);
  }

  dropAgain(name: string): void {
    this.dropped.push(name);
  }

  takeDropped(): readonly string[] {
    const taken = this.dropped;
    this.dropped = [];
    return taken;
  }
}
