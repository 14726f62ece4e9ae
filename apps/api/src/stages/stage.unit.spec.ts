import { describe, expect, it } from '@jest/globals';
import type { ToldPulse } from '@abland/postgres';
import { isBehind, judgeStage, type SeenStage } from './stage.js';

const pulse = (over: Partial<ToldPulse> = {}): ToldPulse => ({
  ...{ part: 'settlement-1', state: 'RUNNING', failure: null, handledAgeMs: 100, contactAgeMs: null },
  ...{ reached: 5n, head: null, beatAgeMs: 500 },
  ...over,
});
const stage = (over: Partial<SeenStage> = {}): SeenStage => ({
  ...{ name: 'settlement-1', program: 'worker', asksChain: false, pulse: pulse() },
  ...{ reached: 5n, end: 5n },
  ...over,
});
const indexer = (over: Partial<ToldPulse> = {}): SeenStage =>
  stage({
    name: 'indexer-1',
    program: 'indexer',
    asksChain: true,
    pulse: pulse({ contactAgeMs: 200, ...over }),
  });

describe('a stage', () => {
  it('runs while its program tells of it and nothing waits, however long nothing came', () => {
    const quiet = stage({ pulse: pulse({ handledAgeMs: 3_600_000 }) });
    expect(judgeStage(quiet, 0, 0)).toMatchObject({ state: 'RUNNING', handledSeconds: 3_600, dueSeconds: 0 });
  });

  it('that nobody tells of is absent, whatever it told last', () => {
    expect(judgeStage(stage({ pulse: null }), 0, 0)).toMatchObject({ state: 'ABSENT', toldSeconds: null });
    expect(judgeStage(stage({ pulse: pulse({ beatAgeMs: 5_001 }) }), 0, 0).state).toBe('ABSENT');
    expect(judgeStage(stage(), 0, 0).state).toBe('RUNNING');
  });

  it('stands where it does not come round, though nothing failed and nothing is known to wait', () => {
    const hanging = stage({ pulse: pulse({ failure: 'PART_STANDS' }) });
    expect(judgeStage(hanging, 0, 0)).toMatchObject({ state: 'STANDING', failure: 'PART_STANDS' });
  });

  it('stands where its chain does, though every provider answers', () => {
    const told = judgeStage(indexer({ failure: 'CHAIN_STANDS' }), 0, 0);
    expect(told).toMatchObject({ state: 'STANDING', failure: 'CHAIN_STANDS' });
  });

  it('grows older with what was seen of it', () => {
    expect(judgeStage(stage(), 0, 1_000)).toMatchObject({
      state: 'RUNNING',
      toldSeconds: 1.5,
      handledSeconds: 1.1,
    });
    expect(judgeStage(stage(), 0, 5_000).state).toBe('ABSENT');
    expect(judgeStage(indexer(), 0, 1_000).contactSeconds).toBe(1.2);
  });

  it('that fails says with what', () => {
    const failing = stage({ pulse: pulse({ failure: 'STORE_UNAVAILABLE' }) });
    expect(judgeStage(failing, 0, 0)).toMatchObject({ state: 'FAILING', failure: 'STORE_UNAVAILABLE' });
  });

  it('stands where what waits for it is not handled', () => {
    expect(judgeStage(stage({ end: 6n }), 8_000, 0)).toMatchObject({ state: 'RUNNING', dueSeconds: 8 });
    expect(judgeStage(stage({ end: 6n }), 8_001, 0).state).toBe('STANDING');
  });

  it('stands where the chain that it follows does not answer', () => {
    expect(judgeStage(indexer(), 0, 0)).toMatchObject({ state: 'RUNNING', contactSeconds: 0.2 });
    expect(judgeStage(indexer({ contactAgeMs: 8_001 }), 0, 0).state).toBe('STANDING');
    expect(judgeStage(indexer({ contactAgeMs: null }), 0, 0).state).toBe('STANDING');
  });

  it('is behind where it has not reached the end of what there is', () => {
    expect(isBehind(stage())).toBe(false);
    expect(isBehind(stage({ end: null, reached: null }))).toBe(false);
    expect(isBehind(stage({ end: 6n }))).toBe(true);
    expect(isBehind(stage({ reached: null }))).toBe(true);
  });
});
