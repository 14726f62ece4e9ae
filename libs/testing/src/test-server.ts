import { chmod, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { removePostgresData, type RunningPostgres, startPostgres } from '@abland/embedded/postgres';
import { TEST_POSTGRES_URL } from './environment.js';
import { makeRunFolder, removeLeftFolders } from './left-folders.js';

let server: { postgres: RunningPostgres; dataDir: string } | undefined;

/** A file system in memory, where a machine has one. */
const IN_MEMORY = '/dev/shm';
const TMPFS_MAGIC = 0x01_02_19_94;
/** Bytes: the databases of one run, several times over. */
const ROOM_BYTES = 4 * 2 ** 30;

/** One real PostgreSQL for the whole run; without fsync, since no test on it cuts the power. */
export async function startTestPostgres(): Promise<void> {
  await removeLeftFolders(IN_MEMORY);
  const dataDir = await makeRunFolder(await placeForFiles());
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

export async function stopTestPostgres(): Promise<void> {
  if (server === undefined) return;
  await server.postgres.stop();
  await removePostgresData(server.dataDir);
}
