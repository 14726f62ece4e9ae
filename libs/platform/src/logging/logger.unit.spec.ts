import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Logger } from '@abland/kernel';
import { createLogger } from './logger.js';

const KEY = 'SECRETKEY0123456789abcdef';

describe('the logger', () => {
  let folder: string;
  let logger: Logger;
  const lines = (): string[] => readFileSync(join(folder, 'log'), 'utf8').trim().split('\n');
  const line = (): Record<string, unknown> => JSON.parse(lines().at(-1) ?? '') as Record<string, unknown>;
  const keysOf = (text: string): string[] => [...text.matchAll(/"([a-z_]+)":/gi)].map(([, key = '']) => key);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'abland-logger-'));
    logger = createLogger({ level: 'info', name: 'abland', file: join(folder, 'log') });
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes each key once, however its children and fields are named', () => {
    const child = logger.child({ part: 'outer', name: 'child' }).child({ part: 'inner' });
    child.info({ name: 'field', msg: 'field', level: 1, pid: 2, part: 'innermost' }, 'said');
    const keys = keysOf(lines().at(-1) ?? '');
    expect(keys.toSorted()).toEqual([...new Set(keys)].toSorted());
    expect(line()).toMatchObject({
      name: 'abland',
      name_: 'field',
      part: 'innermost',
      msg: 'said',
      level: 30,
    });
  });

  it('keeps keys of providers out of messages, bindings and errors', () => {
    const url = `https://eth.example/v3/${KEY}`;
    logger.child({ url }).warn({ err: new Error('no', { cause: new Error(url) }), url }, `${url} is away`);
    expect(lines().at(-1)).not.toContain(KEY);
    expect(line()).toMatchObject({ msg: 'https://eth.example/… is away', url: 'https://eth.example/…' });
  });

  it('writes nothing below its level', () => {
    logger.info({}, 'seen');
    logger.debug({}, 'not seen');
    expect(lines()).toHaveLength(1);
  });
});
