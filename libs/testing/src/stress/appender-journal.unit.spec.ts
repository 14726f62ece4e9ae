import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AppenderJournal, readJournal } from './appender-journal.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'abland-journal-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('a line that a kill cut off takes no other line with it', async () => {
  const path = join(folder, 'torn');
  expect(readJournal(path)).toEqual([]);
  const refused = (append: string) => ({ kind: 'refused', append, code: 'X' }) as const;
  const first = new AppenderJournal(path);
  first.write(refused('a'));
  first.close();
  await appendFile(path, '{"kind":"refu');
  const second = new AppenderJournal(path);
  second.write(refused('b'));
  second.close();
  expect(readJournal(path)).toEqual([refused('a'), refused('b')]);
});
