import { describe, expect, it } from '@jest/globals';
import { parseUntil } from './replay-command.js';

describe('the end of a replay', () => {
  it('is a position, a block of a chain, or a moment', () => {
    expect(parseUntil('12')).toEqual({ position: 12n });
    expect(parseUntil('31337:block:7')).toEqual({ chainId: 31337, block: 7 });
    expect(parseUntil('2026-01-31T12:00:00.5Z')).toEqual({
      recordedAt: Date.UTC(2026, 0, 31, 12, 0, 0, 500),
    });
  });

  it.each(['', '-1', '12.5', 'block:7', '7:block:', 'yesterday', '2026-01-31', '2026-13-31T12:00:00Z'])(
    'is nothing else: %j',
    (text) => expect(() => parseUntil(text)).toThrow('It is a position'),
  );
});
