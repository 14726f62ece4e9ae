import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isInUse, openDataFolder } from './data-folder.js';
import { findRunning } from './running-file.js';

const ROUNDS = 20;
const STARTERS = 4;
const DATA_FOLDER = new URL('../../dist/start/data-folder.js', import.meta.url).href;
/** Opens the folder that it is told of, says whether it has it, and lets go of it when it is told to. It waits for nobody. */
const STARTER = `
  const { openDataFolder } = await import(${JSON.stringify(DATA_FOLDER)});
  const leave = () => { throw new Error('in use') };
  let folder = null;
  process.on('message', async ({ open }) => {
    if (open !== undefined) folder = await openDataFolder(open, { onWait: leave }).catch(() => null);
    else await folder?.release();
    process.send({ has: open !== undefined && folder !== null });
  });
  process.send({});`;

const ignore = { onWait: (): void => undefined };

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

  it.each([
    ['is a folder', (file: string) => mkdir(file)],
    ['cannot be written', (file: string) => mkdir(`${file}.tmp`)],
  ])('is refused by name, and left as it is and unlocked, where its version %s', async (_, make) => {
    await make(join(path, 'format.json'));
    await expect(openDataFolder(path, ignore)).rejects.toMatchObject({
      code: 'DATA_FOLDER_UNUSABLE',
      message: expect.stringMatching(/format\.json cannot be used: set ABLAND_DATA_DIR/),
    });
    await expect(readFile(join(path, 'lock'))).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('has nothing written over a version that cannot be read', async () => {
    await symlink('format.json', join(path, 'format.json'));
    await expect(openDataFolder(path, ignore)).rejects.toMatchObject({ code: 'DATA_FOLDER_UNUSABLE' });
    expect(await readlink(join(path, 'format.json'))).toBe('format.json');
  });

  it('takes over the lock of a process that was killed', async () => {
    await writeFile(join(path, 'lock'), '999999999');
    const folder = await openDataFolder(path, ignore);
    expect(await readFile(join(path, 'lock'), 'utf8')).toBe(String(process.pid));
    await folder.release();
  });

  it('waits for a previous run to stop, and tells once for whom', async () => {
    const previous = await openDataFolder(path, ignore);
    const waitedFor: string[] = [];
    const onWait = (holder: string): void => {
      waitedFor.push(holder);
      void rm(join(path, 'lock')); // as who lets go does first
      setTimeout(() => void previous.release(), 500); // it looks several times meanwhile
    };
    const folder = await openDataFolder(path, { onWait });
    expect(waitedFor).toEqual([`process ${process.pid}`]);
    await folder.release();
  });

  it('is nothing to who is asked to stop while it waits, however free it is by then', async () => {
    const previous = await openDataFolder(path, ignore);
    const asked = new AbortController();
    const stopped = new Error('SIGTERM');
    const onWait = (): void => {
      asked.abort(stopped);
      void previous.release();
    };
    await expect(openDataFolder(path, { onWait, signal: asked.signal })).rejects.toBe(stopped);
    await until(() => isInUse(path).then((isUsed) => !isUsed));
  });

  it(`goes to exactly one of ${STARTERS} that start at once after one that was killed, in ${ROUNDS} rounds`, async () => {
    const script = join(path, 'starter.mjs');
    await writeFile(script, STARTER);
    const starters = Array.from({ length: STARTERS }, () =>
      fork(script, { execArgv: [], env: { ...process.env, NODE_OPTIONS: '' } }),
    );
    const told = (starter: ChildProcess): Promise<[{ readonly has: boolean }]> =>
      once(starter, 'message') as Promise<[{ readonly has: boolean }]>;
    try {
      await Promise.all(starters.map(told));
      for (let round = 0; round < ROUNDS; round += 1) {
        await writeFile(join(path, 'lock'), '999999999');
        const answers = starters.map(told);
        for (const starter of starters) starter.send({ open: path });
        const has = (await Promise.all(answers)).filter(([answer]) => answer.has);
        expect([round, has.length]).toEqual([round, 1]);
        const released = starters.map(told);
        for (const starter of starters) starter.send({ release: path });
        await Promise.all(released);
      }
    } finally {
      for (const starter of starters) starter.kill('SIGKILL');
    }
  });

  it('is in use for as long as somebody has it, whatever a process that was killed left in it', async () => {
    await writeFile(join(path, 'running.json'), JSON.stringify({ pid: process.pid }));
    await writeFile(join(path, 'lock'), String(process.pid));
    expect([await isInUse(path), await findRunning(path)]).toEqual([false, null]);
    const folder = await openDataFolder(path, ignore);
    expect([await isInUse(path), await findRunning(path)]).toEqual([true, { pid: process.pid }]);
    await folder.release();
    expect(await isInUse(join(path, 'nowhere'))).toBe(false);
  });
});
