import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { KeyIndex } from './key-index.js';
import { keyCodeOf } from './table-code.js';

const key = fc.record({
  a: fc.integer({ min: 0, max: 3 }),
  b: fc.constantFrom('x', 'y'),
  c: fc.bigInt(0n, 2n),
});
const act = fc.record({
  kind: fc.constantFrom('set', 'set', 'delete', 'delete', 'get', 'clear'),
  key,
  value: fc.integer(),
});

describe('an index by several columns', () => {
  it.each([[['a']], [['b', 'a']], [['a', 'b', 'c']]])('is as a map of keys as texts, by %j', (columns) => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
        const index = new KeyIndex<number>(keyCodeOf(columns));
        const map = new Map<string, number>();
        for (const { key, kind, value } of acts) {
          const text = columns.map((name) => String(key[name as 'a'])).join('/');
          if (kind === 'set') {
            index.set(key, value);
            map.set(text, value);
          } else if (kind === 'clear') {
            index.clear();
            map.clear();
          } else if (kind === 'delete') expect(index.delete(key)).toBe(map.delete(text));
          expect(index.get(key)).toBe(map.get(text));
          expect(index.size).toBe(map.size);
        }
        const sorted = (values: Iterable<number>): number[] => [...values].sort((one, other) => one - other);
        const visited: number[] = [];
        index.forEach((value) => visited.push(value));
        expect(sorted(visited)).toEqual(sorted(map.values()));
      }),
    );
  });
});
