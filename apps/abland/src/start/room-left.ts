import { statfs } from 'node:fs/promises';
import type { HealthCheck } from '@abland/api';

/** Less than this, and the next segment of PostgreSQL's own log (16 MiB) and a checkpoint may not fit. */
const ROOM_BYTES_MIN = 64 * 1024 * 1024;

/** Whether the data folder's disk takes more data. */
export async function roomLeft(dataDir: string): Promise<HealthCheck> {
  const { bavail, bsize } = await statfs(dataDir);
  const freeBytes = bavail * bsize;
  return freeBytes >= ROOM_BYTES_MIN ? { ok: true, freeBytes } : { ok: false, error: 'DISK_FULL', freeBytes };
}
