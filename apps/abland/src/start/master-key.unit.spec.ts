import { link, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadKeysConfig } from '@abland/platform';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { masterKeysOf } from './master-key.js';

describe('the master key', () => {
  let dataDir: string;
  beforeEach(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-master-key-'));
  });
  afterEach(() => rm(dataDir, { recursive: true, force: true }));
  const keys = (env: Readonly<Record<string, string>> = {}) =>
    masterKeysOf(loadKeysConfig({ ABLAND_DATA_DIR: dataDir, ...env }));

  it('of an embedded system is made once, for its owner alone to read', async () => {
    const all = await Promise.all(Array.from({ length: 50 }, () => keys()));
    expect(new Set(all.map(([key]) => Buffer.from(key ?? []).toString('hex'))).size).toBe(1);
    expect(all[0]?.[0]).toHaveLength(32);
    expect(await keys()).toEqual(all[0]);
    expect(all[0]).not.toEqual(loadKeysConfig({}).personalData.masterKeys);
    expect(await readdir(dataDir)).toEqual(['personal-data.key']);
    expect((await stat(join(dataDir, 'personal-data.key'))).mode & 0o077).toBe(0);
  });

  it('of the environment goes first, and none is made', async () => {
    const named = Buffer.alloc(32, 3);
    const key = { PERSONAL_DATA_KEY: named.toString('base64') };
    for (const database of [{}, { DATABASE_URL: 'postgres://there/abland' }])
      expect(await keys({ ...key, ...database })).toEqual([new Uint8Array(named)]);
    expect(() => keys({ DATABASE_URL: 'postgres://there/abland' })).toThrow('PERSONAL_DATA_KEY must be set');
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('stays what it is where a start of the same process id was killed while it made it', async () => {
    const made = await keys();
    const path = join(dataDir, 'personal-data.key');
    await link(path, `${path}.${process.pid}`);
    expect(await keys()).toEqual(made);
  });

  it('that is damaged is not replaced', async () => {
    await writeFile(join(dataDir, 'personal-data.key'), 'short\n');
    await expect(keys()).rejects.toMatchObject({ code: 'DATA_DAMAGED' });
  });
});
