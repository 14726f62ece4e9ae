import { describe, expect, it } from '@jest/globals';
import { KeysLetGo } from './keys-let-go.js';

const keysOf = (name: string, count: number): readonly string[] =>
  Array.from({ length: count }, (_, index) => `31415\0${name}\0${index}`);

describe('keys that were let go', () => {
  // Into the fourth filter.
  const gone = keysOf('gone', 150_000);
  const letGo = new KeysLetGo();
  for (const key of gone) letGo.add(key);

  it('are each known as such', () => {
    expect(gone.filter((key) => !letGo.mayHave(key))).toEqual([]);
  });

  it('are few besides', () => {
    const others = keysOf('here', 50_000);
    expect(others.filter((key) => letGo.mayHave(key)).length).toBeLessThan(others.length / 50);
  });

  it('are none at first', () => {
    expect(new KeysLetGo().mayHave('')).toBe(false);
  });

  it('take no more memory for being let go again and again', () => {
    const again = new KeysLetGo();
    const keys = keysOf('again', 16_000);
    for (let round = 0; round < 10; round += 1) for (const key of keys) again.add(key);
    expect(again.bytes).toBe(2 * 16_384);
  });

  it('are no longer known once they are too many', () => {
    const few = new KeysLetGo(32_768);
    const taken = keysOf('many', 60_000).findIndex((key) => !few.add(key));
    expect(taken).toBeGreaterThanOrEqual(16_384 + 32_768);
    expect(few.bytes).toBe(2 * (16_384 + 32_768));
  });
});
