import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { makeRunFolder, removeLeftFolders } from './left-folders.js';

describe('what runs leave in a place that they share', () => {
  let place: string;
  beforeEach(async () => {
    place = await mkdtemp(join(tmpdir(), 'abland-left-'));
  });
  afterEach(() => rm(place, { recursive: true, force: true }));

  /** The number of a process that is gone. */
  async function numberOfNobody(): Promise<number> {
    const child = spawn(process.execPath, ['--version'], { stdio: 'ignore' });
    await once(child, 'exit');
    return child.pid ?? 0;
  }

  it('is removed where its run is gone, and no folder of a run that goes on or of anything else', async () => {
    const own = basename(await makeRunFolder(place));
    const left = own.replace(`-${process.pid}-`, `-${await numberOfNobody()}-`);
    for (const name of [left, 'another']) await mkdir(join(place, name));
    await removeLeftFolders(place);
    expect((await readdir(place)).toSorted()).toEqual([own, 'another'].toSorted());
  });

  it('stays where its run is in another container, whose process numbers say nothing here, until it is old', async () => {
    const theirs = `abland-tests-1-${await numberOfNobody()}-abcdef`;
    await mkdir(join(place, theirs));
    await removeLeftFolders(place);
    expect(await readdir(place)).toEqual([theirs]);
    await removeLeftFolders(place, Date.now() + 25 * 3_600_000);
    expect(await readdir(place)).toEqual([]);
  });
});
