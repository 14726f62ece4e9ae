import { MemoryEventStore } from '@abland/event-store';
import { describeEventStoreLaws } from '@abland/event-store/laws';
import { collect, sampleEvent } from '@abland/event-store/sample-events';
import type { EventMetadata, NewEvent, RecordedEvent } from '@abland/kernel';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  chainMetadataCodec,
  compactMetadata,
  expandMetadata,
  type StoredMetadata,
} from './chain-metadata.js';
import { withCodec } from './with-codec.js';

const BLOCK_HASH = `0x${'ab'.repeat(32)}`;
const CHAIN = {
  chainId: 1,
  blockNumber: 7,
  blockHash: BLOCK_HASH,
  blockTime: 1_700_000_000,
  txHash: null,
  logIndex: null,
  commandId: null,
};
const OF_BLOCK: EventMetadata = {
  correlationId: BLOCK_HASH,
  causationId: null,
  actor: 'chain',
  chain: CHAIN,
};

const hash = fc.constantFrom(BLOCK_HASH, `0x${'cd'.repeat(32)}`);
const text = fc.oneof(fc.string(), fc.constantFrom('chain', BLOCK_HASH, ''));
const unknown = fc.dictionary(
  fc.string().map((name) => `x${name}`),
  fc.jsonValue().filter((value) => JSON.stringify(value) !== '-0'),
  { maxKeys: 3 },
);
const place = fc
  .record({
    chainId: fc.nat(),
    blockNumber: fc.nat(),
    blockHash: hash,
    blockTime: fc.nat(),
    txHash: fc.option(hash),
    logIndex: fc.option(fc.nat()),
    commandId: fc.option(fc.uuid()),
  })
  .chain((chain) => unknown.map((others) => ({ ...chain, ...others })));
/** Any metadata, of chain facts or not, with members that nobody knows yet. */
const metadata: fc.Arbitrary<EventMetadata> = fc
  .record(
    {
      correlationId: fc.oneof(text, hash),
      causationId: fc.option(text),
      actor: text,
      chain: place,
    },
    { requiredKeys: ['correlationId', 'causationId', 'actor'] },
  )
  .chain((known) => unknown.map((others) => ({ ...known, ...others }) as EventMetadata));
const stored = (value: StoredMetadata): StoredMetadata => JSON.parse(JSON.stringify(value)) as StoredMetadata;

describe('the stored metadata of a chain fact', () => {
  it('leaves out what follows from its place on the chain', () => {
    const { txHash: _, logIndex: __, commandId: ___, ...ofBlock } = CHAIN;
    expect(compactMetadata(OF_BLOCK)).toEqual({ chain: ofBlock });
    const ofLog = { ...CHAIN, txHash: BLOCK_HASH, logIndex: 0, commandId: '' };
    expect(compactMetadata({ ...OF_BLOCK, chain: ofLog })).toEqual({ chain: ofLog });
  });

  it('keeps what differs', () => {
    const other = { ...OF_BLOCK, correlationId: 'x', causationId: 'chain-1@7', actor: 'operator:me' };
    expect(compactMetadata(other)).toMatchObject({
      correlationId: 'x',
      causationId: 'chain-1@7',
      actor: 'operator:me',
    });
  });

  it('gives all of it back, whatever it was, with members that are not known yet', () => {
    fc.assert(
      fc.property(metadata, (whole) => {
        // Keys that JSON does not keep as they are (__proto__) are nobody's.
        const given = stored(whole) as EventMetadata;
        expect(expandMetadata(stored(compactMetadata(given)))).toEqual(given);
        expect(expandMetadata(given)).toEqual(given);
      }),
      { numRuns: 500 },
    );
  });

  it('is that of other events as it is', () => {
    const { chain: _, ...other } = OF_BLOCK;
    expect(compactMetadata(other)).toBe(other);
    expect(expandMetadata(other)).toBe(other);
  });
});

describeEventStoreLaws('memory with short metadata', async () => {
  const under = new MemoryEventStore();
  return { store: withCodec(under, chainMetadataCodec), close: () => under.close() };
});

describe('a log with short metadata', () => {
  const fact: NewEvent = { ...sampleEvent(), metadata: OF_BLOCK };

  it('holds the short form and gives the whole one', async () => {
    const under = new MemoryEventStore();
    const store = withCodec(under, chainMetadataCodec);
    await store.append('chain-1', [fact, sampleEvent()], 'no_stream');
    const [held] = await collect(under.readStream('chain-1'));
    expect(Object.keys(held?.metadata ?? {})).toEqual(['chain']);
    expect(await collect(store.readStream('chain-1'))).toMatchObject([
      { id: fact.id, data: fact.data, metadata: OF_BLOCK },
      { metadata: sampleEvent().metadata },
    ]);
  });

  it('hands on the very pages that hold no chain fact', () => {
    const page = [sampleEvent()] as unknown as readonly RecordedEvent[];
    expect(chainMetadataCodec.encode('s', page)).toBe(page);
    expect(chainMetadataCodec.decode(page)).toBe(page);
  });
});
