import type { RecordedEvent } from '@abland/kernel';
import { isWithin, type Row, timeOf } from '../folding/report.js';
import type { FactAt } from '../folding/standing-facts.js';

/** Where a fact is, in every file that has facts. */
export const PLACE_COLUMNS = [
  'time',
  'block',
  'blockHash',
  'txHash',
  'logIndex',
  'final',
  'eventId',
] as const;

export const placeColumns = (
  { id }: RecordedEvent,
  { blockHash, blockNumber, blockTime, isFinal, logIndex, txHash }: FactAt,
): Row => ({
  ...{ time: timeOf(blockTime), block: `${blockNumber}`, blockHash, txHash, eventId: id },
  ...{ logIndex: logIndex?.toString() ?? null, final: isFinal ? 'true' : 'false' },
});

export const isSame = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

export const isBefore = (until: string | null, { blockTime }: FactAt): boolean =>
  isWithin({ from: null, until }, blockTime);

export const byKey = <Item>(items: ReadonlyMap<string, Item>): readonly (readonly [string, Item])[] =>
  [...items].toSorted(([one], [other]) => (one < other ? -1 : 1));
