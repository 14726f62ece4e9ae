import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import type { HealthCheck } from '@abland/api';
import { codeOf } from '@abland/kernel';
import { DataFolderError } from './data-folder.js';

const MIB = 1024 * 1024;
/** Less than this, and the next segment of PostgreSQL's own log (16 MiB) and a checkpoint may not fit. */
const ROOM_BYTES_MIN = 64 * MIB;
/** What the parts of a start fail with where they cannot write, and of much else. */
const FAILED_PARTS = new Set(['POSTGRES_START_FAILED', 'CHAIN_PROCESS_ENDED', 'DATA_FOLDER_UNUSABLE']);

/** Whether the disk of the data folder takes more data, and that of the database where it lies elsewhere. */
export async function roomLeft(dataDir: string): Promise<HealthCheck> {
  const freeBytes = Math.min(await freeBytesOf(dataDir), await freeBytesOfDatabase(dataDir));
  return freeBytes >= ROOM_BYTES_MIN ? { ok: true, freeBytes } : { ok: false, error: 'DISK_FULL', freeBytes };
}

/** What a start failed of: of no room, where there is none and a part failed of something that may well be that. */
export async function whyNotStarted(error: unknown, dataDir: string): Promise<unknown> {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  if (!FAILED_PARTS.has(codeOf(error)) && code !== 'ENOSPC') return error;
  const { freeBytes, ok } = await roomLeft(dataDir).catch(() => ({ ok: true, freeBytes: null }));
  if (ok) return error;
  const left = `${dataDir} has ${Math.floor(Number(freeBytes) / MIB)} MiB left on its disk`;
  return new DataFolderError(
    'DISK_FULL',
    `${left}, and a start wants more: make room, or set ABLAND_DATA_DIR to a folder elsewhere`,
    error,
  );
}

async function freeBytesOf(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder);
  return bavail * bsize;
}

/** Its folder is a link where it lies elsewhere, and not there where another database is used. */
const freeBytesOfDatabase = (dataDir: string): Promise<number> =>
  freeBytesOf(join(dataDir, 'database', 'postgres')).catch(() => Infinity);
