import type { Stats } from 'node:fs';
import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readlink,
  realpath,
  rename,
  stat,
  symlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Account, canEnterFolder, canRun } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { PostgresError } from './errors.js';

/**
 * Where a machine keeps what its services need between their runs (Filesystem Hierarchy Standard 3.0, 5.8): open to every account on
 * the way down, and cleaned by nobody, unlike `/var/tmp`.
 */
const SHARED_ROOT = '/var/lib/abland';

/**
 * The binaries where the account can run them. A checkout below a closed home folder (root's own, say) is out of its
 * reach: then they are copied, once for each build, to a folder that only we can write.
 */
export async function placeBinaries(binaries: PostgresBinaries, account: Account): Promise<PostgresBinaries> {
  if (account.uid === undefined || canRun(binaries.postgres, account)) return binaries;
  const native = dirname(dirname(binaries.postgres));
  const { version } = JSON.parse(await readFile(join(dirname(native), 'package.json'), 'utf8')) as {
    version: string;
  };
  const target = join(await sharedRoot(), `postgresql-${version}`);
  const present = await lstat(target).catch(() => null);
  if (present === null) {
    const staging = await mkdtemp(`${target}-`);
    await cp(native, staging, { recursive: true, verbatimSymlinks: true });
    await chmod(staging, 0o755);
    await rename(staging, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another start was quicker
    });
  }
  const moved = (path: string): string => join(target, 'bin', basename(path));
  if (present !== null && !(isOurs(present) && canRun(moved(binaries.postgres), account))) {
    throw new PostgresError(
      'POSTGRES_START_FAILED',
      `${target} is not a folder that only we can write, with all that was put there: remove it`,
    );
  }
  return {
    postgres: moved(binaries.postgres),
    initdb: moved(binaries.initdb),
    pg_ctl: moved(binaries.pg_ctl),
  };
}

const isOurs = (folder: Stats): boolean =>
  folder.isDirectory() && folder.uid === process.getuid?.() && (folder.mode & 0o022) === 0;

/**
 * The cluster's folder, made where it is missing, where the account can use it: below the data folder, or, where that is
 * out of its reach, in a folder of its own with a link at the usual place.
 */
export async function placeCluster(folder: string, account: Account): Promise<string> {
  const present = await stat(folder).catch(() => null);
  if (present !== null) return realpath(folder);
  await requireNoLostLink(folder);
  await mkdir(dirname(folder), { recursive: true });
  if (account.uid === undefined || account.gid === undefined) {
    await mkdir(folder, { mode: 0o700 });
    return folder;
  }
  if (canEnterFolder(dirname(folder), account)) {
    await mkdir(folder, { mode: 0o700 });
    await chown(folder, account.uid, account.gid);
    return folder;
  }
  const elsewhere = await mkdtemp(join(await sharedRoot(), 'data-'));
  await chown(elsewhere, account.uid, account.gid);
  await symlink(elsewhere, folder);
  return elsewhere;
}

/** What a link leads to may be gone with what cleaned that place, and is not to be begun anew without a word. @throws PostgresError DATA_DAMAGED */
async function requireNoLostLink(folder: string): Promise<void> {
  const target = await readlink(folder).catch(() => null);
  if (target === null) return;
  throw new PostgresError(
    'DATA_DAMAGED',
    `${folder} leads to ${target}, which is not there: bring it back from a backup, or remove the link to begin anew`,
  );
}

/** Made by root, who alone places anything there. @throws PostgresError POSTGRES_START_FAILED */
async function sharedRoot(): Promise<string> {
  try {
    await mkdir(SHARED_ROOT, { recursive: true });
    await chmod(SHARED_ROOT, 0o755); // whatever a umask took of it
  } catch (cause) {
    throw new PostgresError(
      'POSTGRES_START_FAILED',
      `${SHARED_ROOT} cannot be made, and the database's account cannot reach the data folder: set ABLAND_DATA_DIR to one that it can`,
      cause,
    );
  }
  return SHARED_ROOT;
}
