import { databaseFailure } from '@abland/postgres';
import pg from 'pg';
import type { Session } from './session.js';

/** What a connection of node-postgres has besides what its types tell. */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

/**
 * `COPY … FROM STDIN` with all of its data sent at once, without waiting until PostgreSQL asks for it: so it stands in the order of a
 * pipelined connection like any other statement. PostgreSQL drops the data where it refuses the statement.
 *
 * Derived from node-postgres's own query because its pipelines take no other kind.
 */
class CopyIn extends pg.Query {
  constructor(
    private readonly statement: string,
    private readonly data: Buffer,
    callback: (error: Error | null | undefined) => void,
  ) {
    super(statement, callback);
    this.submit = (connection) => this.send(connection as unknown as CopyConnection);
  }

  handleCopyInResponse(): void {
    // It has been sent already.
  }

  private send(connection: CopyConnection): void {
    connection.query(this.statement);
    connection.sendCopyFromChunk(this.data);
    connection.endCopyFrom();
  }
}

/** Resolves when PostgreSQL has taken the rows in. */
export function copyIn(session: Session, statement: string, data: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    const query = new CopyIn(statement, data, (error) => {
      if (error === null || error === undefined) resolve();
      else reject(databaseFailure(error));
    });
    session.query(query);
  });
}
