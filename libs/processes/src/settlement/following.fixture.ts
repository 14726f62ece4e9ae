import { requestStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { type EventStore, type RecordedEvent, silentLogger } from '@abland/kernel';
import { type ChainProgress, Ledger } from './ledger.js';
import { SettlementReader } from './settlement-reader.js';
import { settle } from './settle.js';
import { CHAIN_ID, id, tell, type Told } from './story.fixture.js';
import type { TrackedRequest } from './tracked-request.js';

export const NOTHING_INGESTED: ChainProgress = { headTime: null, finalizedNumber: null };
export const everythingIn = (ledger: Ledger): readonly TrackedRequest[] => ledger.where(() => true);

export interface Followed {
  readonly stream: string;
  readonly type: string;
  readonly command: object;
}

export async function record(story: readonly Told[]): Promise<EventStore> {
  const store = new MemoryEventStore();
  await tell(store, story);
  return store;
}

/** The commands that follow from a log, read in batches that begin with these of its events. */
export async function follow(store: EventStore, cuts: readonly number[] = []): Promise<Followed[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.readAll()) events.push(...page);
  let ledger = new Ledger([], NOTHING_INGESTED);
  let log = new SettlementReader(store, CHAIN_ID);
  const followed: Followed[] = [];
  for (const [index, event] of events.entries()) {
    if (cuts.includes(index)) {
      ledger = new Ledger(everythingIn(ledger), ledger.progress);
      log = new SettlementReader(store, CHAIN_ID);
    }
    const commands = await settle(ledger, event, { chainId: CHAIN_ID, log, logger: silentLogger });
    followed.push(...commands.map(({ stream, type, command }) => ({ stream, type, command })));
  }
  return followed;
}

export const types = async (...story: readonly Told[]): Promise<string[]> =>
  (await follow(await record(story))).map(({ type }) => type);
/** Which requests were confirmed, in order. */
export const confirmed = async (...story: readonly Told[]): Promise<string[]> =>
  (await follow(await record(story)))
    .filter(({ type }) => type === 'ConfirmRequest')
    .map(({ stream }) => stream);
export const streams = (...names: readonly string[]): string[] =>
  names.map((name) => requestStream(id(name)));
