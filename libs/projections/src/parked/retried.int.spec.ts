import { randomUUID } from 'node:crypto';
import { MemoryEventStore } from '@abland/event-store';
import type { NewEvent } from '@abland/kernel';
import { afterEach, describe, expect, it } from '@jest/globals';
import { stateChecksum } from '../checksums.js';
import { parkedEvents } from '../parked-events.js';
import { ProjectionBench } from '../testing/projection-bench.js';
import { GOLD, openScriptedMarket } from '../testing/scripted-market.js';
import { CHAIN_ID } from '../testing/simulated-chain.js';
import { parkedLogCount } from './queries.js';

/** Facts that may be taken late. */
const LATE = ['SwapFeeUpdated', 'TokenMetadataUpdated'];

/** What ingestion appends in the place of a fact that it cannot read. */
const parkedInPlaceOf = ({ data, metadata }: NewEvent): NewEvent => ({
  ...{ id: randomUUID(), type: 'LogParked', version: 1, metadata },
  data: {
    ...{ contract: String(data['contract']), role: 'LIQUIDITY_MANAGER', clock: null },
    log: { address: String(data['contract']), topics: [], data: '0x12' },
    ...{ code: 'LOG_UNDECODABLE', reason: 'unknown to it' },
  },
});

/** What an operator's retry appends, as libs/chain does: the fact with its own place on the chain, and that it was decided on. */
const retried = (fact: NewEvent, parked: NewEvent): readonly NewEvent[] => [
  { ...fact, id: randomUUID() },
  {
    ...{ id: randomUUID(), type: 'ParkedLogResolved', version: 1, metadata: parked.metadata },
    data: { eventId: parked.id, resolution: 'RETRIED', operationId: randomUUID() },
  },
];

describe('a log that was parked, and taken in later', () => {
  const open: ProjectionBench[] = [];
  afterEach(async () => {
    for (const bench of open.splice(0)) await bench.close();
  });

  it('leaves the live read models as a rebuild of the same log makes them', async () => {
    const { bench, chain } = await openScriptedMarket();
    open.push(bench);
    const facts = chain.mine([
      () => [{ type: 'SwapFeeUpdated', data: { oldFee: '30', newFee: '45' } }],
      () => [
        {
          type: 'TokenMetadataUpdated',
          data: { tokenAddress: GOLD, decimals: 6, metadataURI: 'ipfs://late' },
        },
      ],
    ]);
    const late = new Map(
      facts.filter(({ type }) => LATE.includes(type)).map((fact) => [fact, parkedInPlaceOf(fact)]),
    );
    const tell = async (events: readonly NewEvent[]): Promise<void> => {
      await bench.store.append(chain.stream, events, 'any');
      await bench.project();
    };
    await tell(facts.map((fact) => late.get(fact) ?? fact));
    const before = await stateChecksum(bench.pool);
    expect(await parkedLogCount(bench.db, CHAIN_ID)).toBe(2);
    await tell(chain.mine());
    await tell(chain.finalize(1));
    for (const [fact, parked] of late) await tell(retried(fact, parked));
    expect(await parkedLogCount(bench.db, CHAIN_ID)).toBe(0);
    expect(await parkedEvents(bench.pool)).toEqual([]);
    const told = await stateChecksum(bench.pool);
    expect(told).not.toEqual(before);
    const settings = await bench.pool.query(
      `SELECT metadata_uri FROM read_model.tokens WHERE chain_id = $1 AND address = $2`,
      [CHAIN_ID, GOLD],
    );
    expect(settings.rows).toEqual([{ metadata_uri: 'ipfs://late' }]);

    const rebuilt = await ProjectionBench.open(new MemoryEventStore());
    open.push(rebuilt);
    for await (const page of bench.store.readAll())
      for (const { data, id, metadata, stream, type, version } of page)
        await rebuilt.store.append(stream, [{ id, type, version, data, metadata }], 'any');
    await rebuilt.project();
    expect(await stateChecksum(rebuilt.pool)).toEqual(told);
  });
});
