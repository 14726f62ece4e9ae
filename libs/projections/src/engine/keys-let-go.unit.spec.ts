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
});
