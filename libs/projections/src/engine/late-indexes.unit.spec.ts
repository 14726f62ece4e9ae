import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@abland/kernel';
import { indexesFor, type Seen } from './late-indexes.js';

const NOW = 1_800_000_000_000;
const fact = (agoSeconds: number, type = 'Swap'): RecordedEvent =>
  ({ type, metadata: { chain: { blockTime: NOW / 1_000 - agoSeconds } } }) as unknown as RecordedEvent;
const deed = { type: 'UserRegistered', metadata: {} } as unknown as RecordedEvent;
const old = Array.from({ length: 600 }, () => fact(3_600));
const final = [...old, fact(3_600, 'BlocksFinalized')];

const wanted = (seen: Partial<Seen>): string =>
  indexesFor({
    ...{ events: final, eventsPerSecond: 1_000, handled: 5_000, indexed: true, now: NOW, sinceMassesMs: 0 },
    ...seen,
  });

describe('the indexes of live read models', () => {
  it('are taken away where masses come to young tables', () => {
    expect(wanted({})).toBe('DROP');
    expect(wanted({ handled: 100_000 })).toBe('DROP');
    expect(wanted({ handled: 100_001 })).toBe('KEEP');
    expect(wanted({ eventsPerSecond: 999 })).toBe('KEEP');
    expect(wanted({ events: [...final, deed] })).toBe('KEEP');
    expect(wanted({ events: old })).toBe('KEEP');
  });

  it('are away while masses come, also where a person does something meanwhile', () => {
    expect(wanted({ indexed: false })).toBe('KEEP');
    expect(wanted({ indexed: false, eventsPerSecond: 10, events: [deed] })).toBe('KEEP');
    expect(wanted({ indexed: false, events: [...final, deed] })).toBe('KEEP');
    expect(wanted({ indexed: false, handled: 999_999 })).toBe('KEEP');
  });

  it('are made where old blocks only trickle, as from a provider that limits us', () => {
    const trickle = { indexed: false, eventsPerSecond: 10, events: final.slice(-3) };
    expect(wanted({ ...trickle, sinceMassesMs: 9_999 })).toBe('KEEP');
    expect(wanted({ ...trickle, sinceMassesMs: 10_000 })).toBe('MAKE');
    expect(wanted({ sinceMassesMs: 10_000 })).toBe('DROP');
  });

  it('are made once the tables are large, a block is new, or much comes of which nothing is final', () => {
    expect(wanted({ indexed: false, handled: 1_000_000 })).toBe('MAKE');
    expect(wanted({ indexed: false, events: [...final, fact(59)] })).toBe('MAKE');
    expect(wanted({ indexed: false, events: old })).toBe('MAKE');
    expect(wanted({ indexed: false, events: old.slice(0, 499) })).toBe('KEEP');
  });
});
