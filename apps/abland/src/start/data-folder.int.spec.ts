import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openDataFolder } from './data-folder.js';

const ignore = (): void => undefined;

describe('the data folder', () => {
  let path = '';
  beforeEach(async () => (path = await mkdtemp(join(tmpdir(), 'abland-folder-'))));
  afterEach(() => rm(path, { recursive: true, force: true }));

  it('refuses data of a newer version and leaves it unlocked', async () => {
    await writeFile(join(path, 'format.json'), '{"version": 99}');
    await expect(openDataFolder(path, ignore)).rejects.toMatchObject({ code: 'DATA_VERSION_NEWER' });
    await expect(readFile(join(path, 'lock'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('refuses data from before the shapes were frozen, says what to do and leaves it as it is', async () => {
    await writeFile(join(path, 'format.json'), '{"version":1}');
    await expect(openDataFolder(path, ignore)).rejects.toMatchObject({
      code: 'DATA_VERSION_OLDER',
      message: expect.stringMatching(/older version.*: delete it, or set ABLAND_DATA_DIR/),
    });
    expect(await readFile(join(path, 'format.json'), 'utf8')).toBe('{"version":1}');
    await expect(readFile(join(path, 'lock'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it.each([
    ['below a file', () => join(path, 'file', 'deeper')],
    ['where the system makes none', () => '/proc/abland/deeper'],
    ['that is a file', () => join(path, 'file')],
    ['whose lock is no file', () => join(path, 'odd')],
  ])('refuses by name, and soon, a folder %s', async (_, folder) => {
    await writeFile(join(path, 'file'), '');
    await mkdir(join(path, 'odd', 'lock'), { recursive: true });
    await expect(openDataFolder(folder(), ignore)).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringContaining('ABLAND_DATA_DIR'),
    });
  });

  it('is made with all that is above it', async () => {
    const folder = await openDataFolder(join(path, 'one', 'two'), ignore);
    expect(await readFile(join(path, 'one', 'two', 'lock'), 'utf8')).toBe(String(process.pid));
    await folder.release();
  });

  it('opens again what it made', async () => {
    await (await openDataFolder(path, ignore)).release();
    await (await openDataFolder(path, ignore)).release();
  });

  it('refuses a version that it cannot read', async () => {
    await writeFile(join(path, 'format.json'), 'torn');
    await expect(openDataFolder(path, ignore)).rejects.toMatchObject({ code: 'DATA_DAMAGED' });
  });

  it('takes over the lock of a process that was killed', async () => {
    await writeFile(join(path, 'lock'), '999999');
    const folder = await openDataFolder(path, ignore);
    expect(await readFile(join(path, 'lock'), 'utf8')).toBe(String(process.pid));
    await folder.release();
  });

  it('waits for a previous run to stop', async () => {
    const previous = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 700)', 'abland']);
    await writeFile(join(path, 'lock'), String(previous.pid));
    const waitedFor: number[] = [];
    const folder = await openDataFolder(path, (pid) => waitedFor.push(pid));
    expect(waitedFor[0]).toBe(previous.pid);
    await folder.release();
  });
});
