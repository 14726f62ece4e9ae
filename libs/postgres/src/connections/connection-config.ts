import type pg from 'pg';

/** What another connection to the pool's database is opened with; node-postgres hides the password from enumeration. */
export function connectionConfigOf(pool: pg.Pool): pg.ClientConfig {
  const { password, ...config } = pool.options;
  return password === undefined ? config : { ...config, password };
}
