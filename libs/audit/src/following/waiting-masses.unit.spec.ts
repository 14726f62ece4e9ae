import { describe, expect, it } from '@jest/globals';
import { sampleEvent } from '@abland/event-store/sample-events';
import type { ChainReference, RecordedEvent } from '@abland/kernel';
import { canWait } from './waiting-masses.js';

const NOW = Date.parse('2026-11-29T12:00:00.000Z');
const CHAIN: ChainReference = {
  ...{ chainId: 1, blockNumber: 7, blockHash: '0xb', blockTime: NOW / 1_000 - 3_600 },
  ...{ txHash: null, logIndex: null, commandId: null },
};

function masses(count: number, recordedAgoMs = 0, blockTime = CHAIN.blockTime): readonly RecordedEvent[] {
  const recordedAt = new Date(NOW - recordedAgoMs).toISOString();
  return Array.from({ length: count }, (_, index) => {
    const { metadata, ...event } = sampleEvent();
    const place = { stream: 'chain-1', revision: BigInt(index), position: BigInt(index + 1), recordedAt };
    return { ...event, ...place, metadata: { ...metadata, chain: { ...CHAIN, blockTime } } };
  });
}

describe('events that can wait to be hashed', () => {
  it('are masses of old blocks that were only just recorded', () => {
    expect(canWait(masses(1_000), NOW)).toBe(true);
    expect(canWait(masses(2_000, 119_000), NOW)).toBe(true);
  });

  it.each([
    ['are few', masses(999)],
    ['were recorded two minutes ago', masses(1_000, 120_000)],
    ['were recorded within the hour by which our clock was set back since', masses(1_000, -3_600_000)],
    ['tell blocks that were new when they were recorded', masses(1_000, 0, NOW / 1_000 - 60)],
    ['are none', []],
  ])('are none that %s', (_, events) => {
    expect(canWait(events, NOW)).toBe(false);
  });

  it('are none where a person or an operator did something among them', () => {
    const events = masses(1_000);
    const { metadata } = sampleEvent();
    const deed = { ...(events[500] as RecordedEvent), metadata };
    expect(metadata.chain).toBeUndefined();
    expect(canWait(events.with(500, deed), NOW)).toBe(false);
  });
});
