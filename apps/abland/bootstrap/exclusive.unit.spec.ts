import { mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { until } from '@abland/testing/eventually';
import { afterEach, beforeEach, expect, it } from '@jest/globals';

interface Task {
  readonly waiting: () => void;
  readonly work: () => Promise<void>;
}
const { exclusively } = (await import(new URL('exclusive.mjs', import.meta.url).href)) as {
  exclusively: (file: string, task: Task) => Promise<void>;
};

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'abland-exclusive-'));
  file = join(folder, 'below', 'installing');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

it('lets one do the work at a time, tells the others once that they wait, and leaves nothing behind', async () => {
  let running = 0;
  let most = 0;
  let waited = 0;
  const task: Task = {
    waiting: () => (waited += 1),
    work: async () => {
      running += 1;
      most = Math.max(most, running);
      await until(() => waited === 2); // the first is not done before the others come
      running -= 1;
    },
  };
  await Promise.all([exclusively(file, task), exclusively(file, task), exclusively(file, task)]);
  expect([most, waited]).toEqual([1, 2]);
  await expect(stat(file)).rejects.toThrow('ENOENT');
});

it('takes over from a process that was killed at it', async () => {
  await exclusively(file, { waiting: () => undefined, work: () => Promise.resolve() });
  await writeFile(file, '999999999');
  let holder = '';
  await exclusively(file, {
    waiting: () => undefined,
    work: async () => void (holder = await readFile(file, 'utf8')),
  });
  expect(holder.split(' ')[0]).toBe(String(process.pid));
});

/** Ourselves, alive, who did not begin then. */
it('takes over from a process whose number another program has by now', async () => {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, `${process.pid} 0 1`);
  let waited = 0;
  await exclusively(file, { waiting: () => (waited += 1), work: () => Promise.resolve() });
  expect(waited).toBe(1);
});

it('is taken over by one alone of many, whatever the others saw of the process that was killed at it', async () => {
  for (let round = 0; round < 20; round += 1) {
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, round % 2 === 0 ? '999999999' : '');
    let running = 0;
    let most = 0;
    const task: Task = {
      waiting: () => undefined,
      work: async () => {
        running += 1;
        most = Math.max(most, running);
        await new Promise((resolve) => setTimeout(resolve, 5));
        running -= 1;
      },
    };
    await Promise.all(Array.from({ length: 3 }, () => exclusively(file, task)));
    expect(most).toBe(1);
  }
});

it('is free again where the work failed', async () => {
  const broken = { waiting: () => undefined, work: () => Promise.reject(new Error('no space')) };
  await expect(exclusively(file, broken)).rejects.toThrow('no space');
  await expect(exclusively(file, { ...broken, work: () => Promise.resolve() })).resolves.toBeUndefined();
});
