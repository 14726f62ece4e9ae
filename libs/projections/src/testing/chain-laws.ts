import { expect, it } from '@jest/globals';
import type { RecordedEvent } from '@abland/kernel';
import { blockOf } from '../engine/chain-facts.js';
import type { Projection } from '../engine/projection.js';
import type { AnyRow } from '../engine/values.js';
import { MemoryTables } from './memory-tables.js';
import { onChain, reverted } from './told-events.js';

/**
 * What holds of every projection of chain facts.
 * @param story facts of chain 1 by block, each that the projection handles at least once
 */
export function chainLaws(projection: Projection, story: readonly RecordedEvent[]): void {
  const tables = projection.tables.filter((table) => table.origin === 'chain');
  const rowsAfter = (events: readonly RecordedEvent[]): AnyRow[] => {
    const told = new MemoryTables(projection).tell(events);
    return tables.flatMap((table) => told.rowsOf(table));
  };
  const blocks = [...new Set(story.map(numberOf).filter((number) => number !== null))];
  const newest = blocks.at(-1) ?? 0;

  it('handles each fact of its story, and has a story of each fact that it handles', () => {
    // What is told back is told by the laws below.
    const told = new Set<string>(['BlocksReverted', ...story.map((event) => event.type)]);
    const handled = new Set(['BlocksReverted', ...Object.keys(projection.handlers)]);
    expect([...told].sort()).toEqual([...handled].sort());
  });

  it.each(blocks)(
    'is as it was before when block %i and what followed is taken back, and told again',
    (from) => {
      const before = story.slice(
        0,
        story.findIndex((event) => (numberOf(event) ?? 0) >= from),
      );
      const back = [...story, reverted(from, newest)];
      expect(rowsAfter(back)).toEqual(rowsAfter(before));
      expect(rowsAfter([...back, ...story.slice(before.length)])).toEqual(rowsAfter(story));
    },
  );

  it('keeps the same story of another chain apart', () => {
    const rows = rowsAfter(story);
    const both = story.flatMap((event) => [event, onChain(2, event)]);
    const ofChain = (chainId: number, events: readonly RecordedEvent[]) =>
      rowsAfter(events).filter((row) => row['chain_id'] === chainId);
    expect(rows.length).toBeGreaterThan(0);
    expect(ofChain(1, both)).toEqual(rows);
    expect(ofChain(2, both)).toEqual(rows.map((row) => ({ ...row, chain_id: 2 })));
    const back = [...both, onChain(2, reverted(blocks[0] ?? 0, newest))];
    expect(rowsAfter(back)).toEqual(rows);
  });
}

const numberOf = (event: RecordedEvent): number | null => blockOf(event)?.number ?? null;
