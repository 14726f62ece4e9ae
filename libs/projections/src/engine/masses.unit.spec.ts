import { describe, expect, it } from '@jest/globals';
import type { RecordedEvent } from '@abland/kernel';
import { areMasses } from './masses.js';

const NOW = 1_800_000_000_000;
const fact = (agoSeconds: number): RecordedEvent =>
  ({ metadata: { chain: { blockTime: NOW / 1_000 - agoSeconds } } }) as unknown as RecordedEvent;
const deed = { metadata: {} } as unknown as RecordedEvent;
const old = [fact(3_600), fact(3_588), fact(61)];

describe('events that nobody waits to see', () => {
  it('are facts of old blocks in a log that grows fast', () => {
    expect(areMasses(old, 1_000, NOW)).toBe(true);
  });

  it('are none where the log grows as a chain does, where a block is new, or where a person did something', () => {
    expect(areMasses(old, 999, NOW)).toBe(false);
    expect(areMasses([], 1_000, NOW)).toBe(false);
    expect(areMasses([...old, fact(12)], 1_000, NOW)).toBe(false);
    expect(areMasses([...old, deed], 1_000, NOW)).toBe(false);
  });
});
