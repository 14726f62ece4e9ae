import { chmod, mkdtemp, readdir, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgresData, type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import { TEST_POSTGRES_URL } from './environment.js';

let server: { postgres: RunningPostgres; dataDir: string } | undefined;

/** A file system in memory, where a machine has one. */
const IN_MEMORY = '/dev/shm';
/** Its server may make files until it finds that some are gone. */
const REMOVED_WHILE_USED = { recursive: true, force: true, maxRetries: 5, retryDelay: 100 };
/** Of a run's folder, followed by its process. */
const FOLDER = 'abland-test-';
const TMPFS_MAGIC = 0x01_02_19_94;
/** Bytes: the databases of one run, several times over. */
const ROOM_BYTES = 4 * 2 ** 30;

/** One real PostgreSQL for the whole run; without fsync, since no test on it cuts the power. */
export async function startTestPostgres(): Promise<void> {
  await removeLeft();
  const dataDir = await mkdtemp(join(await placeForFiles(), `${FOLDER}${process.pid}-`));
  await chmod(dataDir, 0o755); // else its data goes elsewhere, where the server's account can reach it
  const postgres = await startPostgres({
    dataDir,
    database: 'postgres',
    settings: ['fsync=off', 'full_page_writes=off', 'max_connections=300'],
  });
  server = { postgres, dataDir };
  process.env[TEST_POSTGRES_URL] = postgres.url;
}

/**
 * Each test's database is some three hundred files that are made and soon removed, which cost a fifth of the run on ext4 (it goes
 * through the inodes that were freed lately, for each new one): in memory where there is room.
 */
async function placeForFiles(): Promise<string> {
  const system = await statfs(IN_MEMORY).catch(() => null);
  const isInMemory = system?.type === TMPFS_MAGIC;
  const room = isInMemory ? Math.min(system.bavail * system.bsize, process.availableMemory()) : 0;
  return room >= ROOM_BYTES ? IN_MEMORY : tmpdir();
}

/** What runs that were killed left in memory: a server whose files are gone ends by itself. */
async function removeLeft(): Promise<void> {
  for (const name of await readdir(IN_MEMORY).catch(() => [])) {
    const [, pid] = new RegExp(`^${FOLDER}([0-9]+)-`).exec(name) ?? [];
    if (pid !== undefined && !isRunning(Number(pid)))
      // Another account's is its own to remove.
      await rm(join(IN_MEMORY, name), REMOVED_WHILE_USED).catch(() => undefined);
  }
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

export async function stopTestPostgres(): Promise<void> {
  if (server === undefined) return;
  await server.postgres.stop();
  await removePostgresData(server.dataDir);
}
