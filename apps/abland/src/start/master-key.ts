import { randomBytes, randomUUID } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeysConfig } from '@abland/platform';
import { DataFolderError } from './data-folder.js';

const KEY_BYTES = 32;

/**
 * What the keys of persons are wrapped with: the environment's keys, or, on the embedded database where it names none, one
 * that the data folder has of its own, made when it is first needed.
 */
export async function masterKeysOf(config: KeysConfig): Promise<readonly Uint8Array[]> {
  const { builtIn, masterKeys } = config.personalData;
  if (!builtIn || config.databaseUrl !== null) return masterKeys;
  const [, ...old] = masterKeys;
  return [await ownMasterKey(config.dataDir), ...old];
}

/** @throws DataFolderError where the file is there and holds no key */
async function ownMasterKey(dataDir: string): Promise<Uint8Array> {
  const path = join(dataDir, 'personal-data.key');
  await makeOnce(path);
  const key = Buffer.from((await readFile(path, 'utf8')).trim(), 'base64');
  if (key.length !== KEY_BYTES) {
    throw new DataFolderError('DATA_DAMAGED', `${path} does not hold a key of ${KEY_BYTES} bytes in base64`);
  }
  return new Uint8Array(key);
}

/** Linked into place whole: a key that was used must never be replaced, and never be read in part. */
async function makeOnce(path: string): Promise<void> {
  const own = `${path}.${randomUUID()}`; // no process id: another may have the same, in another container or in the same process
  await writeFile(own, `${randomBytes(KEY_BYTES).toString('base64')}\n`, { mode: 0o600, flush: true });
  try {
    await link(own, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    await rm(own, { force: true });
  }
}
