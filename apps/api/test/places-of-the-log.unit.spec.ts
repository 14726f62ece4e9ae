import { openEventStore } from '@abland/event-codec';
import { type EventStore, type RecordedEvent, silentLogger } from '@abland/kernel';
import { positionRecordedBy, recordedAtPosition } from '@abland/log-tools';
import { StandInServer } from '@abland/testing/eventstoredb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { changePlaceBy } from '../src/market-feed/changes/chain-changes.js';
import { CHAIN_ID, TestChain } from './test-chain.js';

const BLOCKS = 150;
/** Events of others after the chain's last. */
const OTHERS = 3_000;

describe('a place that anybody may name, in a log whose positions have gaps (a stand-in of EventStoreDB)', () => {
  let server: StandInServer;
  let store: EventStore;
  let blocks: readonly RecordedEvent[];
  beforeAll(async () => {
    server = await StandInServer.start();
    store = await openEventStore(server.url, silentLogger);
    const chain = new TestChain(store, Date.now);
    for (let number = 0; number < BLOCKS; number += 1) await chain.mine();
    blocks = [];
    for await (const page of store.readStream(`chain-${CHAIN_ID}`)) blocks = [...blocks, ...page];
    server.writeOfItsOwn(OTHERS);
    await store.head();
  });
  afterAll(async () => {
    await store.close();
    server.kill();
  });

  it('is found by some reads, wherever it is', async () => {
    const searched = { log: store, along: `chain-${CHAIN_ID}` };
    for (const index of [0, 70, BLOCKS - 2]) {
      const { id: eventId, position, recordedAt, revision } = blocks[index] as RecordedEvent;
      const before = server.recordsRead;
      for (const named of [position, position + 3n]) {
        expect(await changePlaceBy(store, CHAIN_ID, named)).toEqual({ eventId, position, revision });
        expect(await recordedAtPosition(searched, named)).toBe(Date.parse(recordedAt));
      }
      const by = await positionRecordedBy(searched, Date.parse(recordedAt));
      const same = blocks.findLast((block) => block.recordedAt === recordedAt);
      expect(by).toBe(same?.position);
      expect(server.recordsRead - before).toBeLessThan(OTHERS);
    }
    expect(await changePlaceBy(store, CHAIN_ID, 1n)).toBeNull();
    expect(await recordedAtPosition(searched, 1n)).toBeNull();
  });
});
