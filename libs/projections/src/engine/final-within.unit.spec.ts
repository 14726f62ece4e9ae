import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@abland/kernel';
import { finalWithin } from './final-within.js';

const told = (stream: string, type: string, number: number): RecordedEvent =>
  ({
    stream,
    type,
    data: type === 'BlocksReverted' ? { fromNumber: number } : { number },
  }) as unknown as RecordedEvent;

describe('what events themselves tell as final', () => {
  it('is the newest such block of each chain', () => {
    const events = [
      told('chain-1', 'BlocksFinalized', 7),
      told('chain-2', 'BlocksFinalized', 3),
      told('chain-1', 'BlockIngested', 9),
      told('chain-1', 'BlocksFinalized', 8),
      told('request-1', 'BlocksFinalized', 99),
    ];
    expect(finalWithin(events)).toEqual(
      new Map([
        ['chain-1', 8],
        ['chain-2', 3],
      ]),
    );
  });

  it('is nothing of a chain of which they take blocks back, wherever they do', () => {
    for (const reverted of [told('chain-1', 'BlocksReverted', 5), told('chain-1', 'BlocksReverted', 12)]) {
      const others = [told('chain-1', 'BlocksFinalized', 8), told('chain-2', 'BlocksFinalized', 3)];
      expect(finalWithin([reverted, ...others])).toEqual(new Map([['chain-2', 3]]));
      expect(finalWithin([...others, reverted])).toEqual(new Map([['chain-2', 3]]));
    }
  });
});
