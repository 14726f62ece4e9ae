import { type BlocksReverted, chainStream } from '@abland/domain';
import type { EventStore, Position, RecordedEvent, Revision } from '@abland/kernel';
import { newestInStream } from '@abland/log-tools';
import { type ChainChange, chainReferenceOf, type ChangePlace } from './chain-change.js';

/** The log as far as it is read here. */
export type ReadableLog = Pick<EventStore, 'readStream'>;

/** Types of the events that close a change: a log that an operator had read anew tells its fact by itself. */
export const CLOSING_TYPES = ['BlockIngested', 'BlocksReverted', 'ParkedLogResolved'] as const;

/** Types of what of a chain those who follow its market hear of. */
const FACT_TYPES: ReadonlySet<string> = new Set([
  ...['TokenCreated', 'TokenMetadataUpdated', 'TokenDeactivated', 'Transfer'],
  ...['PoolCreated', 'LiquidityAdded', 'LiquidityRemoved', 'Swap', 'Sync'],
]);

/** Before the first event of a stream. */
export const NO_REVISION: Revision = -1n;

/** A part of a chain's stream. */
export interface Span {
  readonly chainId: number;
  /** Excluded: the revision of a change, or NO_REVISION. */
  readonly after: Revision;
  /** Included: the revision of a change. */
  readonly until: Revision;
}

/**
 * The changes of a chain in a part of its stream, in order. What a change is follows from the log alone: whoever reads from the
 * same place, at whatever time and in whatever program, gets the same.
 */
export async function* changesIn(
  log: ReadableLog,
  { after, chainId, until }: Span,
): AsyncGenerator<ChainChange> {
  let facts: RecordedEvent[] = [];
  for await (const page of log.readStream(chainStream(chainId), { from: after + 1n })) {
    for (const event of page) {
      if (FACT_TYPES.has(event.type)) facts.push(event);
      if (!isClosing(event)) continue;
      yield await changeClosedBy(log, chainId, event, facts);
      facts = [];
      if (event.revision >= until) return;
    }
  }
}

async function changeClosedBy(
  log: ReadableLog,
  chainId: number,
  event: RecordedEvent,
  facts: readonly RecordedEvent[],
): Promise<ChainChange> {
  const { blockHash: hash, blockNumber: number, blockTime: time } = chainReferenceOf(event);
  const change = { chainId, place: placeOf(event), block: { number, hash, time } };
  if (event.type !== 'BlocksReverted') return { ...change, facts, reverted: null };
  const reverted = event.data as unknown as BlocksReverted['data'];
  return { ...change, facts: await takenBackBy(log, event), reverted };
}

const placeOf = ({ id: eventId, position, revision }: RecordedEvent): ChangePlace => ({
  ...{ eventId, position, revision },
});

/**
 * The facts that a reorg takes back, oldest first: those of its blocks that no reorg before it took back. They stand right
 * before it, so that reading backward ends at the newest block that is left.
 */
async function takenBackBy(log: ReadableLog, revert: RecordedEvent): Promise<readonly RecordedEvent[]> {
  const taken: RecordedEvent[] = [];
  const fromNumber = Number(revert.data['fromNumber']);
  /** What is of this block or a later one was taken back before. */
  let goneFrom = Infinity;
  const before = { direction: 'backward', from: revert.revision - 1n } as const;
  if (revert.revision === 0n) return taken;
  for await (const page of log.readStream(revert.stream, before)) {
    for (const event of page) {
      if (event.type === 'BlocksReverted') goneFrom = Math.min(goneFrom, Number(event.data['fromNumber']));
      if (event.type === 'BlockIngested' && chainReferenceOf(event).blockNumber < fromNumber)
        return taken.reverse();
      if (!FACT_TYPES.has(event.type)) continue;
      const { blockNumber } = chainReferenceOf(event);
      if (blockNumber >= fromNumber && blockNumber < goneFrom) taken.push(event);
    }
  }
  return taken.reverse();
}

/** The newest change of a chain; null before the first. */
export async function lastChangePlace(log: ReadableLog, chainId: number): Promise<ChangePlace | null> {
  for await (const page of log.readStream(chainStream(chainId), { direction: 'backward' })) {
    const last = page.find(isClosing);
    if (last !== undefined) return placeOf(last);
  }
  return null;
}

/**
 * The newest change of a chain at or before a position of the log, which need be no event's; null where there is none. It costs some
 * reads of one event and that of a block, wherever it is.
 */
export async function changePlaceBy(
  log: ReadableLog,
  chainId: number,
  position: Position,
): Promise<ChangePlace | null> {
  const stream = chainStream(chainId);
  const newest = await newestInStream(log, stream, (event) => event.position <= position);
  if (newest === null) return null;
  for await (const page of log.readStream(stream, { direction: 'backward', from: newest.revision })) {
    const found = page.find(isClosing);
    if (found !== undefined) return placeOf(found);
  }
  return null;
}

/** The change that an event of a stream closes; null where it is not there, or closes none. */
export async function changePlaceAt(
  log: ReadableLog,
  chainId: number,
  { eventId, revision }: Pick<ChangePlace, 'eventId' | 'revision'>,
): Promise<ChangePlace | null> {
  for await (const [event] of log.readStream(chainStream(chainId), { from: revision, maxCount: 1 })) {
    if (event?.id === eventId && isClosing(event)) return placeOf(event);
  }
  return null;
}

function isClosing({ data, type }: RecordedEvent): boolean {
  if (type === 'ParkedLogResolved') return data['resolution'] === 'RETRIED';
  return type === 'BlockIngested' || type === 'BlocksReverted';
}
