import { describe, expect, it } from '@jest/globals';
import { type Branch, branchesOf, type Tree } from './tree.js';

const node = (id: string, causeId: string | null) => ({ causeId, event: { id } }) as Tree['nodes'][number];
const drawn = (branches: readonly Branch[]): string =>
  branches.map(({ effects, event }) => `${event.id}(${drawn(effects)})`).join('');

describe('causes and effects', () => {
  it('are a tree from the first cause on, in the order of the log', () => {
    expect(drawn(branchesOf([node('a', null), node('b', 'a'), node('c', 'a'), node('d', 'b')]))).toBe(
      'a(b(d())c())',
    );
  });

  it('stand at the top where what caused them is not told', () => {
    expect(drawn(branchesOf([node('b', 'withheld'), node('c', 'b')]))).toBe('b(c())');
  });
});
