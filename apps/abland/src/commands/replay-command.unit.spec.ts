import { describe, expect, it } from '@jest/globals';
import { parseSchema, parseUntil } from './replay-command.js';

describe('the end of a replay', () => {
  it('is a position, a block of a chain, or a moment', () => {
    expect(parseUntil('12')).toEqual({ position: 12n });
    expect(parseUntil('31337:block:7')).toEqual({ chainId: 31337, block: 7 });
    expect(parseUntil('2026-01-31T12:00:00.5Z')).toEqual({
      recordedAt: Date.UTC(2026, 0, 31, 12, 0, 0, 500),
    });
  });

  it.each([
    '',
    '-1',
    '12.5',
    'block:7',
    '7:block:',
    'yesterday',
    '2026-01-31',
    '2026-13-31T12:00:00Z',
    '2026-02-30T12:00:00Z',
  ])('is nothing else: %j', (text) => expect(() => parseUntil(text)).toThrow('It is a position'));
});

describe('the schema of a replay', () => {
  it('is a name that nobody has to quote', () => {
    for (const name of ['then', 'at_noon_2026']) expect(parseSchema(name)).toBe(name);
  });

  it.each(['', 'Then', '1st', 'a-b', 'pg_then', 'build_3', 'information_schema', 'a'.repeat(64)])(
    'is nothing else: %j',
    (text) => expect(() => parseSchema(text)).toThrow('small letter'),
  );
});
