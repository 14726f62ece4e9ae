import pg from 'pg';
import type { TestApi } from './test-api.js';

/** The read models take in nothing until they are let go, however long a test takes: no limit of the API's connections ends it. */
export async function holdReadModels({ databaseUrl }: TestApi): Promise<() => Promise<void>> {
  const holder = new pg.Client({ connectionString: databaseUrl });
  await holder.connect();
  await holder.query('BEGIN; SELECT FROM projections.builds FOR UPDATE');
  return async () => {
    await holder.query('ROLLBACK');
    await holder.end();
  };
}
