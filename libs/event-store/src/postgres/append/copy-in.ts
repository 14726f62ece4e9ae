import pg from 'pg';

/**
 * `COPY … FROM STDIN (FORMAT binary)` as a query of node-postgres that can be one of several in flight: the rows are sent at
 * once, as PostgreSQL reads past the rows of a COPY that it refused. A query of another class would be refused there.
 */
class CopyIn extends pg.Query {
  override submit = (connection: pg.Connection): void => {
    connection.stream.cork();
    connection.query(`COPY ${this.into} FROM STDIN (FORMAT binary)`);
    connection.stream.write(this.messages);
    connection.stream.uncork();
  };

  constructor(
    private readonly into: string,
    private readonly messages: Buffer,
    callback: (error: Error | null | undefined) => void,
  ) {
    super(into, callback);
  }

  /** PostgreSQL is ready for what was sent already. */
  handleCopyInResponse(): void {
    // nothing is left to be done
  }
}

/**
 * Resolves once the rows are in the table. The transaction is the caller's.
 * @param into the table with its columns
 * @param messages CopyData and CopyDone
 */
export function copyIn(client: pg.Client, into: string, messages: Buffer): Promise<void> {
  return new Promise((resolve, reject) => {
    client.query(
      new CopyIn(into, messages, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(error);
      }),
    );
  });
}
