import { PostgresClient } from '@abland/postgres';

/** Made with the log and copied with nothing: the same behind every name of one database. */
export async function postgresLogId(connectionString: string): Promise<string> {
  const client = new PostgresClient({ connectionString });
  await client.connect();
  try {
    const { rows } = await client.query<{ id: string }>('SELECT id FROM event_store.log');
    return rows[0]?.id ?? '';
  } finally {
    await client.end();
  }
}
