import { appendFile, mkdtemp, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { JournalFile } from './journal-file.js';
import type { JournalRecord } from './journal-records.js';

const HEADER: JournalRecord = {
  kind: 'header',
  format: 1,
  evm: 'test',
  config: { chainId: 1, hardfork: 'osaka', genesisTime: '2025-01-01T00:00:00.000Z' },
};
const block = (time: number): JournalRecord => ({
  kind: 'block',
  time,
  transactions: ['0x01'],
  parent: '0xaa',
});

describe('journal file', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-journal-'));
    path = join(folder, 'chain.journal');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function write(...records: readonly JournalRecord[]): Promise<void> {
    const journal = await JournalFile.open(path);
    for (const record of records) await journal.append(record);
    await journal.close();
  }

  async function read(): Promise<readonly JournalRecord[]> {
    const journal = await JournalFile.open(path);
    await journal.close();
    return journal.records;
  }

  it('gives back what was appended, in order, across openings', async () => {
    await write(HEADER, block(1));
    await write(block(2));
    expect(await read()).toEqual([HEADER, block(1), block(2)]);
  });

  it('cuts off a last record torn at any byte and appends after the cut', async () => {
    await write(HEADER, block(1));
    const whole = (await stat(path)).size;
    await write(block(2));
    const full = await readFile(path);
    for (let size = whole + 1; size < full.length; size += 1) {
      await writeFile(path, full);
      await truncate(path, size);
      expect(await read()).toEqual([HEADER, block(1)]);
      expect((await stat(path)).size).toBe(whole);
    }
    await write(block(3));
    expect(await read()).toEqual([HEADER, block(1), block(3)]);
  });

  it('cuts off zeros that a power loss left at the end', async () => {
    await write(HEADER, block(1));
    await appendFile(path, Buffer.alloc(512));
    expect(await read()).toEqual([HEADER, block(1)]);
  });

  it('refuses a record that was changed in the middle', async () => {
    await write(HEADER, block(1), block(2));
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"time":1', '"time":7'));
    await expect(JournalFile.open(path)).rejects.toMatchObject({ code: 'CHAIN_JOURNAL_CORRUPT' });
  });

  it('refuses a later format by its number and leaves the file as it is', async () => {
    await write({ ...HEADER, format: 2 });
    await appendFile(path, 'torn');
    const before = await readFile(path, 'utf8');
    await expect(JournalFile.open(path)).rejects.toMatchObject({
      code: 'CHAIN_JOURNAL_NEWER_VERSION',
      details: { found: 2, supported: 1 },
    });
    expect(await readFile(path, 'utf8')).toBe(before);
  });

  it('forgets everything when cleared', async () => {
    await write(HEADER, block(1));
    const journal = await JournalFile.open(path);
    const fresh = await journal.clear();
    await fresh.append(HEADER);
    await fresh.close();
    expect(await read()).toEqual([HEADER]);
  });
});
