import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { until } from '@abland/testing';
import pg from 'pg';
import { removePostgresData, type RunningPostgres, startPostgres } from './cluster.js';

const query = async (url: string, text: string): Promise<unknown[]> => {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
};

function killIfThere(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Stopped by then.
  }
}

describe('an embedded PostgreSQL', () => {
  let dataDir = '';
  let running: RunningPostgres | undefined;

  afterEach(async () => {
    await running?.stop();
    running = undefined;
    await removePostgresData(dataDir);
  });

  it('keeps what was committed over a stop and a start', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
    running = await startPostgres({ dataDir, database: 'abland' });
    await query(running.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await running.stop();
    running = await startPostgres({ dataDir, database: 'abland' });
    expect(await query(running.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is never made anew where one is there, whatever is missing of it', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
    running = await startPostgres({ dataDir, database: 'abland' });
    await query(running.url, 'CREATE TABLE kept AS SELECT 42 AS answer');
    await running.stop();
    const [password, version] = [join(dataDir, 'postgres.password'), join(dataDir, 'postgres', 'PG_VERSION')];
    for (const [path, lose] of [
      [password, (): Promise<void> => rm(password)],
      [password, () => writeFile(password, '')],
      [password, () => writeFile(password, 'another')],
      [password, () => rm(password).then(() => mkdir(password).then(() => undefined))],
      [version, () => rm(version)],
    ] as const) {
      const whole = await readFile(path, 'utf8');
      await lose();
      const starting = startPostgres({ dataDir, database: 'abland' });
      await expect(starting).rejects.toMatchObject({
        code: 'DATA_DAMAGED',
        message: expect.stringContaining(basename(path)),
      });
      await rm(path, { recursive: true, force: true });
      await writeFile(path, whole);
    }
    running = await startPostgres({ dataDir, database: 'abland' });
    expect(await query(running.url, 'SELECT answer FROM kept')).toEqual([{ answer: 42 }]);
  });

  it('is made anew where a first start was cut off before it was whole', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
    running = await startPostgres({ dataDir, database: 'abland' });
    await running.stop();
    await rm(join(dataDir, 'postgres.password'));
    await writeFile(join(dataDir, 'postgres.making'), '');
    running = await startPostgres({ dataDir, database: 'abland' });
    expect(await query(running.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(dataDir)).not.toContain('postgres.making');
  });

  it('is given up while it is made, or starts, and is made and started by the next one', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
    const why = new Error('asked to stop');
    const making = new AbortController();
    const onProgress = (): void => void setTimeout(() => making.abort(why), 20);
    await expect(
      startPostgres({ dataDir, database: 'abland', onProgress, signal: making.signal }),
    ).rejects.toBe(why);
    expect(await readdir(dataDir)).not.toContain('postgres.log');
    running = await startPostgres({ dataDir, database: 'abland', signal: new AbortController().signal });
    await running.stop();
    const stopping = { dataDir, database: 'abland', signal: AbortSignal.abort(why) };
    await expect(startPostgres(stopping)).rejects.toBe(why);
    running = await startPostgres({ dataDir, database: 'abland' });
    expect(await query(running.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('takes the place of a server that a killed process left behind', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
    const left = await startPostgres({ dataDir, database: 'abland' });
    await query(left.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    running = await startPostgres({ dataDir, database: 'abland' });
    expect(running.pid).not.toBe(left.pid);
    expect(await query(running.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
  });

  it('is removed with a server that a killed process left behind', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
    const left = await startPostgres({ dataDir, database: 'abland' });
    const ended = left.ended.catch(() => 'ended');
    await removePostgresData(dataDir);
    let isOver = false;
    void ended.then(() => (isOver = true));
    await until(() => isOver);
  });

  it('takes the place of one that dies at any moment of that', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
    running = await startPostgres({ dataDir, database: 'abland' });
    for (let delayMs = 5; delayMs <= 45; delayMs += 4) {
      const left = running;
      left.ended.catch(() => undefined);
      const death = setTimeout(() => killIfThere(left.pid), delayMs);
      running = await startPostgres({ dataDir, database: 'abland' });
      clearTimeout(death);
    }
    expect(await query(running.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('is stopped, and its place taken, where somebody made it stand still', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
    const left = await startPostgres({ dataDir, database: 'abland' });
    await query(left.url, 'CREATE TABLE kept AS SELECT 1 AS one');
    process.kill(left.pid, 'SIGSTOP');
    running = await startPostgres({ dataDir, database: 'abland' });
    expect(await query(running.url, 'SELECT one FROM kept')).toEqual([{ one: 1 }]);
    process.kill(running.pid, 'SIGSTOP');
    await running.stop();
    expect(() => process.kill(running?.pid ?? 0, 0)).toThrow('ESRCH');
  });

  it('says so when the server dies without having been stopped', async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-pg-'));
    running = await startPostgres({ dataDir, database: 'abland' });
    process.kill(running.pid, 'SIGKILL');
    await expect(running.ended).rejects.toMatchObject({ code: 'POSTGRES_START_FAILED' });
  });

  it('runs below a folder that its account cannot enter', async () => {
    const closed = await mkdtemp(join(tmpdir(), 'abland-closed-'));
    spawn('chmod', ['700', closed]);
    dataDir = join(closed, 'data');
    await mkdir(dataDir);
    running = await startPostgres({ dataDir, database: 'abland' });
    expect(await query(running.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
    expect(await readdir(dataDir)).toEqual(expect.arrayContaining(['postgres', 'postgres.password']));
    const { dataElsewhere } = running;
    await running.stop();
    if (process.getuid?.() !== 0) return; // its account is ours, and reaches what we reach
    expect(dataElsewhere).toMatch(/^\/var\/lib\/abland\/data-/);
    await rm(dataElsewhere ?? '', { recursive: true });
    await expect(startPostgres({ dataDir, database: 'abland' })).rejects.toMatchObject({
      code: 'DATA_DAMAGED',
      message: expect.stringContaining(`leads to ${dataElsewhere}, which is not there`),
    });
  });
});
