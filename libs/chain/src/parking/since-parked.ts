import {
  chainStream,
  type BlocksFinalized,
  type BlocksReverted,
  type LogParked,
  refusal,
} from '@abland/domain';
import type { EventStore, RecordedEvent, Revision } from '@abland/kernel';
import { isMarker } from '../ingest/ingested-chain.js';

export type ParkedLogEvent = RecordedEvent<LogParked>;

/** What its stream tells of a parked log and of the chain since. */
export interface SinceParked {
  readonly parked: ParkedLogEvent;
  /** Of the stream's last event. */
  readonly revision: Revision;
  /** Whether the stream ends with a whole block, so that something may be appended. */
  readonly whole: boolean;
  /** Whether no reorg can take its block back. */
  readonly final: boolean;
  /** Decided on before, or of a block that a reorg took back. */
  readonly over: boolean;
  /** Who decided on it, and the fact that was taken in then; null where nobody did. */
  readonly resolved: { readonly operationId: string; readonly fact: string } | null;
  /** What later facts set, as `settingOf` names it. */
  readonly set: ReadonlySet<string>;
}

/** What a fact sets: a later one of the same takes its place. */
export const settingOf = (type: string, data: Readonly<Record<string, unknown>>): string =>
  [type, data['contract'], data['tokenAddress'] ?? ''].join(' ');

/**
 * Reads the chain's stream from the parked log on.
 * @throws DomainError UNKNOWN_PARKED_EVENT
 */
export async function sinceParked(
  store: EventStore,
  chainId: number,
  { eventId, revision: from }: { readonly eventId: string; readonly revision: Revision },
): Promise<SinceParked> {
  let parked: ParkedLogEvent | null = null;
  let since = { revision: from, whole: false, final: false, over: false };
  let resolved: SinceParked['resolved'] = null;
  let before = '';
  const set = new Set<string>();
  for await (const page of store.readStream(chainStream(chainId), { from })) {
    for (const event of page) {
      since = { ...since, revision: event.revision, whole: isMarker(event) };
      if (parked === null) {
        if (event.id !== eventId || event.type !== 'LogParked') throw unknown();
        parked = event as ParkedLogEvent;
        continue;
      }
      const { blockHash, blockNumber = 0 } = parked.metadata.chain ?? {};
      if (event.type === 'BlocksReverted') {
        const { hashes } = event.data as BlocksReverted['data'];
        since.over ||= hashes.includes(blockHash ?? '');
      } else if (event.type === 'BlocksFinalized') {
        since.final ||= (event.data as BlocksFinalized['data']).number >= blockNumber;
      } else if (event.type === 'ParkedLogResolved') {
        if (event.data['eventId'] !== eventId) continue;
        since.over = true;
        resolved = { operationId: String(event.data['operationId']), fact: before };
      } else set.add(settingOf(event.type, event.data));
      before = event.type;
    }
  }
  if (parked === null) throw unknown();
  return { parked, ...since, resolved, set };
}

const unknown = () => refusal('UNKNOWN_PARKED_EVENT', 'Nothing of this id is parked', 'id');
