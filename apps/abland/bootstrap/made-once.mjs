// Folders of what is made once for a state of what it is made of, and named by that state.
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * Makes a folder where it is not there: in place as a whole, or not at all. Of the others beside it, those of a day ago are removed.
 *
 * @param make writes into the folder that it is given
 */
export async function madeOnce(folder, make) {
  if (existsSync(folder)) return;
  const partial = `${folder}.${randomUUID()}`;
  try {
    await mkdir(partial, { recursive: true });
    await make(partial);
    // Whoever comes second has made the same.
    await rename(partial, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  await removeOld(dirname(folder), basename(folder));
}

/** What was made of other states, also by whoever was killed meanwhile: not what a process that runs beside this one still loads. */
export async function removeOld(folder, own) {
  for (const other of await readdir(folder).catch(() => [])) {
    const path = join(folder, other);
    const madeAt = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity, // it is gone already
    );
    if (other !== own && Date.now() - madeAt > DAY_MS) await rm(path, { recursive: true, force: true });
  }
}
