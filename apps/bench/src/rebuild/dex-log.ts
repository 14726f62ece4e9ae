import { randomUUID } from 'node:crypto';
import { type ChainFact, chainStream } from '@abland/domain';
import { EVENT_VERSIONS } from '@abland/event-codec';
import type { EventStore, NewEvent } from '@abland/kernel';
import { Traders } from '@abland/testing/long-history';
import { openingFacts } from '@abland/testing/market';
import { SeededRandom } from '@abland/testing/seeded-random';

export const CHAIN_ID = 31_415;
export const STREAM = chainStream(CHAIN_ID);
const GENESIS_TIME = 1_600_000_000;
const SECONDS_A_BLOCK = 12;
const FACTS_A_BLOCK = 50;
const PEOPLE = 20_000;
/** Now and then the newest blocks are taken back. */
const FORK_EVERY = 200;
const FORK_DEPTH = 2;
const FINALITY_DEPTH = 64;
const FINAL_EVERY = 32;
const FACTS_AN_APPEND = 2_000;
const NOTHING = `0x${'00'.repeat(32)}`;

export type Place = NonNullable<NewEvent['metadata']['chain']>;

/**
 * What a busy exchange leaves in the log: of a hundred transactions about eighty swap, with the transfers and reserves of each,
 * blocks, finality, and here and there blocks that are taken back. The same count of events gives the same log, but for their ids.
 */
export async function fillLog(store: EventStore, events: number): Promise<void> {
  let pending: NewEvent[] = [];
  let stored = 0;
  const append = async (): Promise<void> => {
    await store.append(STREAM, pending, 'any');
    stored += pending.length;
    pending = [];
  };
  for (const block of dexBlocks()) {
    pending.push(...block);
    if (pending.length >= FACTS_AN_APPEND) await append();
    if (stored + pending.length >= events) break;
  }
  if (pending.length > 0) await append();
}

function* dexBlocks(): Generator<readonly NewEvent[]> {
  const random = new SeededRandom(1);
  const traders = new Traders(random, PEOPLE);
  let parent = { number: 0, hash: NOTHING };
  for (let number = 1; ; number += 1) {
    const place = placeOf(number, random.hash());
    // Taken back before the next is told, so that what follows could have happened all the same.
    if (number % FORK_EVERY === 0) yield* fork(number, parent, random);
    const facts: NewEvent[] = [];
    if (number === 1) emit(facts, openingFacts(), place, random);
    while (facts.length < FACTS_A_BLOCK) emit(facts, traders.next(), place, random);
    facts.push(closing(place, parent.hash, facts.length));
    if (number % FINAL_EVERY === 0 && number > FINALITY_DEPTH) {
      facts.push(event('BlocksFinalized', { number: number - FINALITY_DEPTH, hash: random.hash() }));
    }
    yield facts;
    parent = { number, hash: place.blockHash };
  }
}

/** Blocks of transfers of a token that nobody knows, and the fact that takes them back. */
function* fork(
  from: number,
  ancestor: { readonly number: number; readonly hash: string },
  random: SeededRandom,
): Generator<readonly NewEvent[]> {
  const hashes: string[] = [];
  const contract = random.address();
  for (let number = from; number < from + FORK_DEPTH; number += 1) {
    const place = placeOf(number, random.hash());
    hashes.push(place.blockHash);
    const facts: NewEvent[] = [];
    const transfer = { contract, from: `0x${'0'.repeat(40)}`, to: random.address(), amount: '1' };
    for (let count = 0; count < FACTS_A_BLOCK; count += 1)
      emit(facts, [{ type: 'Transfer', data: transfer }], place, random);
    facts.push(closing(place, ancestor.hash, facts.length));
    yield facts;
  }
  const toNumber = from + FORK_DEPTH - 1;
  yield [event('BlocksReverted', { fromNumber: from, toNumber, hashes: hashes.toReversed(), ancestor })];
}

const placeOf = (
  blockNumber: number,
  blockHash: string,
): Omit<Place, 'txHash' | 'logIndex' | 'commandId'> => ({
  chainId: CHAIN_ID,
  blockNumber,
  blockHash,
  blockTime: GENESIS_TIME + blockNumber * SECONDS_A_BLOCK,
});

/** A block of a chain that is there for one event: a token that comes to a holder. */
export function transferBlock(chainId: number, number: number, holder: string): readonly NewEvent[] {
  const random = new SeededRandom(number);
  const place = { ...placeOf(number, random.hash()), chainId };
  const facts: NewEvent[] = [];
  const data = { contract: CONTRACT, from: `0x${'0'.repeat(40)}`, to: holder, amount: '1' };
  emit(facts, [{ type: 'Transfer', data }], place, random);
  return [...facts, closing(place, random.hash(), facts.length)];
}

/** The facts of one transaction. */
function emit(
  into: NewEvent[],
  facts: readonly { readonly type: ChainFact['type']; readonly data: Record<string, unknown> }[],
  place: Omit<Place, 'txHash' | 'logIndex' | 'commandId'>,
  random: SeededRandom,
): void {
  const txHash = random.hash();
  for (const { type, data } of facts)
    into.push(
      event(
        type,
        { contract: CONTRACT, ...data },
        { ...place, txHash, logIndex: into.length, commandId: null },
      ),
    );
}

/** The fact that closes a block. */
export const closing = (
  place: Omit<Place, 'txHash' | 'logIndex' | 'commandId'>,
  parentHash: string,
  facts: number,
): NewEvent => {
  const { blockHash: hash, blockNumber: number, blockTime: time } = place;
  return event(
    'BlockIngested',
    { number, hash, parentHash, time, facts, commandIds: [], proof: 'RECEIPTS', providers: 2 },
    { ...place, txHash: null, logIndex: null, commandId: null },
  );
};

/** Whichever of ours emitted it. */
const CONTRACT = `0x${'c0'.repeat(20)}`;

function event(type: ChainFact['type'], data: Record<string, unknown>, chain?: Place): NewEvent {
  return {
    id: randomUUID(),
    type,
    version: EVENT_VERSIONS[type],
    data: data as NewEvent['data'],
    metadata: {
      correlationId: chain?.blockHash ?? NOTHING,
      causationId: null,
      actor: 'chain',
      ...(chain === undefined ? {} : { chain }),
    },
  };
}
