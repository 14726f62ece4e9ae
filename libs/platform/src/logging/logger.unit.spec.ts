import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Logger } from '@abland/kernel';
import { Ajv } from 'ajv';
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
    expect(keys.filter((key) => key === 'part')).toEqual(['part']);
    expect(line()).toMatchObject({
      service: { name: 'abland' },
      process: { pid: process.pid },
      'log.level': 'info',
      message: 'said',
      abland: { name: 'field', msg: 'field', level: 1, pid: 2, part: 'innermost' },
    });
  });

  it('keeps keys of providers out of messages, bindings and errors', () => {
    const url = `https://eth.example/v3/${KEY}`;
    logger.child({ url }).warn({ err: new Error('no', { cause: new Error(url) }), url }, `${url} is away`);
    expect(lines().at(-1)).not.toContain(KEY);
    expect(line()).toMatchObject({
      message: 'https://eth.example/… is away',
      abland: { url: 'https://eth.example/…' },
    });
  });

  it('writes lines of every kind by the schema that is published of them, and no field of ECS with another meaning', () => {
    const valid = new Ajv({ allErrors: true, strict: true }).compile(
      JSON.parse(
        readFileSync(new URL('../../../../schemas/log-line.schema.json', import.meta.url), 'utf8'),
      ) as object,
    );
    const failure = new Error('no', { cause: new Error('deeper') });
    logger.info({}, 'bare');
    logger.child({ part: 'chain', chainId: 31337 }).info({ position: 12n }, 'of a part');
    logger.error(
      { err: Object.assign(failure, { code: 1, severity: 'ERROR' }), error: 'beside it' },
      'with an error',
    );
    logger.warn({ err: 'no error at all' }, 'with what is none');
    logger.warn({ err: { code: 1 } }, 'with a part of one');
    logger.warn(new Error('itself'), 'an error alone');
    logger.info(
      { message: 'm', '@timestamp': 1, error: 'e', host: 'h', process: 1, http: 'text', url: 'u' },
      'names of ECS',
    );
    logger.info(
      {
        correlationId: 'one',
        http: { request: { id: 'one', method: 'POST' }, response: { status_code: 200 } },
        url: { path: '/graphql' },
        event: { duration: 1_500_000 },
      },
      'request',
    );
    for (const text of lines()) {
      valid(JSON.parse(text));
      expect({ text, errors: valid.errors }).toEqual({ text, errors: null });
    }
    expect(lines()).toHaveLength(8);
    expect(JSON.parse(lines()[2] ?? '')).toMatchObject({
      error: { type: 'Error', message: 'no', code: '1', stack_trace: expect.stringContaining('Error: no') },
      abland: { err: { severity: 'ERROR', cause: { message: 'deeper' } }, error: 'beside it' },
    });
  });

  it('writes nothing below its level', () => {
    logger.info({}, 'seen');
    logger.debug({}, 'not seen');
    expect(lines()).toHaveLength(1);
  });
});
