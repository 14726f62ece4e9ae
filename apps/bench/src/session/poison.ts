import { randomBytes, randomUUID } from 'node:crypto';
import { EVENT_VERSIONS } from '@abland/event-codec';
import type { EventStore, NewEvent, RecordedEvent } from '@abland/kernel';
import { CHAIN_ID, closing, type Place, STREAM } from '../rebuild/dex-log.js';

const NOBODYS_POOL = `0x${'ee'.repeat(32)}`;
const NEXT_SECONDS = 12;

const hash = (): string => `0x${randomBytes(32).toString('hex')}`;

/**
 * A block with what cannot be handled: a log of ours that ingestion could not read, and a swap in a pool that nobody knows.
 * @returns the id by which the parked log is decided on
 */
export async function poison(store: EventStore): Promise<string> {
  const [swap, last] = [await newest(store, 'Swap'), await newest(store, 'BlockIngested')];
  const { hash: parentHash, number, time } = last.data as { hash: string; number: number; time: number };
  const place = {
    ...{ chainId: CHAIN_ID, blockNumber: number + 1, blockHash: hash(), blockTime: time + NEXT_SECONDS },
  };
  const contract = String(swap.data['contract']);
  const parked = {
    ...{ contract, role: 'LIQUIDITY_MANAGER', clock: null },
    log: { address: contract, topics: [hash()], data: '0x1234' },
    ...{ code: 'LOG_UNDECODABLE', reason: 'Swap has 2 bytes of data, too few' },
  };
  const facts = [
    event(swap, 'LogParked', parked, { ...place, logIndex: 0 }),
    event(swap, 'Swap', { ...swap.data, poolId: NOBODYS_POOL }, { ...place, logIndex: 1 }),
  ];
  await store.append(STREAM, [...facts, closing(place, parentHash, facts.length)], 'any');
  return `INGESTION/${CHAIN_ID}/${facts[0]?.id}`;
}

async function newest(store: EventStore, type: string): Promise<RecordedEvent> {
  const filter = { types: [type] };
  for await (const [found] of store.readAll({ direction: 'backward', maxCount: 1, filter }))
    if (found !== undefined) return found;
  throw new Error(`The log has no ${type}`);
}

function event(
  like: RecordedEvent,
  type: 'LogParked' | 'Swap',
  data: Readonly<Record<string, unknown>>,
  place: Omit<Place, 'txHash' | 'commandId'>,
): NewEvent {
  return {
    ...{ id: randomUUID(), type, version: EVENT_VERSIONS[type] },
    data: data as NewEvent['data'],
    metadata: { ...like.metadata, chain: { ...place, txHash: hash(), commandId: null } },
  };
}
