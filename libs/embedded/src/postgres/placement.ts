import {
  chmod,
  chown,
  cp,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  realpath,
  rename,
  stat,
  symlink,
} from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { type Account, canEnterFolder, canRun } from './account.js';
import type { PostgresBinaries } from './binaries.js';
import { PostgresError } from './errors.js';

/** Kept over restarts of the machine, unlike the temporary folder, and open to every account on the way down. */
const SHARED_ROOT = '/var/tmp';

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
  const target = join(SHARED_ROOT, `abland-postgresql-${version}`);
  const present = await lstat(target).catch(() => null);
  if (present === null) {
    const staging = await mkdtemp(`${target}-`);
    await cp(native, staging, { recursive: true, verbatimSymlinks: true });
    await chmod(staging, 0o755);
    await rename(staging, target).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error; // another start was quicker
    });
  } else if (!present.isDirectory() || present.uid !== process.getuid?.() || (present.mode & 0o022) !== 0) {
    throw new PostgresError(
      'POSTGRES_START_FAILED',
      `${target} is not a folder that only we can write: remove it`,
    );
  }
  const moved = (path: string): string => join(target, 'bin', basename(path));
  return {
    postgres: moved(binaries.postgres),
    initdb: moved(binaries.initdb),
    pg_ctl: moved(binaries.pg_ctl),
  };
}

/**
 * The cluster's folder, made where it is missing, where the account can use it: below the data folder, or, where that is
 * out of its reach, in a folder of its own with a link at the usual place.
 */
export async function placeCluster(folder: string, account: Account): Promise<string> {
  const present = await stat(folder).catch(() => null);
  if (present !== null) return realpath(folder);
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
  const elsewhere = await mkdtemp(join(SHARED_ROOT, 'abland-data-'));
  await chown(elsewhere, account.uid, account.gid);
  await symlink(elsewhere, folder);
  return elsewhere;
}
