import type { EventStore, PartFailure, RecordedEvent } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import type { BlockLog, ChainBlock } from '../blocks/chain-block.js';
import type { ChainMessage } from '../follow/messages.js';
import type { Ingester } from './ingester.js';
import { COMMAND, TX } from './sample-logs.fixture.js';

export const CHAIN_ID = 31337;
export const TOPIC = 'chain-31337';

export const withLogs = (block: ChainBlock | undefined, logs: readonly BlockLog[]): ChainBlock => {
  if (block === undefined) throw new RangeError('No such block');
  return { ...block, logs, commands: { [TX]: COMMAND } };
};

export const asMessage = (block: ChainBlock): ChainMessage => ({ kind: 'block', block });

/** A reorg that takes these blocks back, oldest first, down to an ancestor. */
export function reverted(taken: readonly ChainBlock[], ancestor: ChainBlock | undefined): ChainMessage {
  const first = taken[0];
  const last = taken.at(-1);
  if (first === undefined || last === undefined || ancestor === undefined)
    throw new RangeError('Nothing reverted');
  return {
    kind: 'reverted',
    fromNumber: first.number,
    toNumber: last.number,
    hashes: taken.map(({ hash }) => hash).reverse(),
    ancestor: { number: ancestor.number, hash: ancestor.hash, time: ancestor.time },
  };
}

export async function eventsIn(store: EventStore, stream: string): Promise<RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.readStream(stream)) events.push(...page);
  return events;
}

export async function untilFailed(running: Ingester, code: string): Promise<PartFailure> {
  const failure = (): PartFailure | null => running.status().failure;
  await until(() => failure()?.code === code, failure);
  return failure() as PartFailure;
}

/** Those of a stream, once there are so many. */
export async function untilEvents(
  store: EventStore,
  count: number,
  stream = TOPIC,
): Promise<RecordedEvent[]> {
  let events: RecordedEvent[] = [];
  await until(
    async () => (events = await eventsIn(store, stream)).length >= count,
    () => events.map(({ type }) => type),
  );
  return events;
}
