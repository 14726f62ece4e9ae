import pg from 'pg';
import { databaseFailure } from './database-failure.js';

/**
 * `COPY … FROM STDIN` as a query of node-postgres that can be one of several in flight: the rows are sent at once, without waiting
 * until PostgreSQL asks for them, as it reads past the rows of a COPY that it refused. Derived from node-postgres's own query because
 * a pipeline takes no other kind.
 */
class CopyIn extends pg.Query {
  override submit = (connection: pg.Connection): void => {
    connection.stream.cork();
    connection.query(this.statement);
    for (const message of this.messages) connection.stream.write(message);
    connection.stream.uncork();
  };

  constructor(
    private readonly statement: string,
    private readonly messages: readonly Uint8Array[],
    callback: (error: Error | null | undefined) => void,
  ) {
    super(statement, callback);
  }

  /** PostgreSQL is ready for what was sent already. */
  handleCopyInResponse(): void {
    // nothing is left to be done
  }
}

/** As much of a connection as copying needs. */
interface Copying {
  query<Query extends pg.Submittable>(query: Query): Query;
}

/**
 * Resolves once the rows are in the table. The transaction is the caller's.
 * @param statement `COPY <table> (<columns>) FROM STDIN`, with a format
 * @param messages CopyData and CopyDone, of `copyMessages` or as bytes that hold both
 */
export function copyIn(client: Copying, statement: string, messages: readonly Uint8Array[]): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(
      new CopyIn(statement, messages, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(databaseFailure(error));
      }),
    );
  });
}

const LENGTH_BYTES = 4;
/** The tag `c`, and a length that counts itself alone. */
const COPY_DONE = Buffer.from([0x63, 0, 0, 0, LENGTH_BYTES]);

/** Rows in COPY's text or binary format as the messages that carry them; the rows are not copied. */
export function copyMessages(rows: Uint8Array): readonly Uint8Array[] {
  const head = Buffer.alloc(1 + LENGTH_BYTES, 'd');
  head.writeUInt32BE(LENGTH_BYTES + rows.length, 1);
  return [head, rows, COPY_DONE];
}
