import { alarmsStream, type ChainHalted, chainStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { type RecordedEvent, silentLogger, type Supervised } from '@abland/kernel';
import type { ToldPulse } from '@abland/postgres';
import { until } from '@abland/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startChainAlarms } from './chain-alarms.js';

const CHAIN_ID = 7;
const HASH = `0x${'1'.repeat(64)}`;
const SEEN = { provider: 'https://node.example', block: { number: 5, hash: `0x${'2'.repeat(64)}` } };

describe('the alarms of a chain', () => {
  let store: MemoryEventStore;
  let pulse: ToldPulse;
  let looks = 0;
  let running: Supervised | null = null;
  beforeEach(() => {
    store = new MemoryEventStore();
    tell({});
  });
  afterEach(() => running?.stop());

  const tell = (over: Partial<ToldPulse>): void => {
    pulse = {
      ...{ part: `indexer-${CHAIN_ID}`, state: 'RUNNING', failure: null, handledAgeMs: 1, contactAgeMs: 1 },
      ...{ reached: 9n, head: 9n, beatAgeMs: 1, ...over },
    };
  };
  const start = async (behindMsMax = 0): Promise<void> => {
    await running?.stop();
    running = startChainAlarms({
      ...{ chainIds: [CHAIN_ID], eventStore: store, clock: Date.now, logger: silentLogger },
      ...{ intervalMs: 1, behindMsMax, pulses: read },
      ...{ seen: async () => SEEN, tellOutcome: async () => undefined },
    });
  };
  const read = async (): Promise<ReadonlyMap<string, ToldPulse>> => {
    looks += 1;
    return new Map([[pulse.part, pulse]]);
  };
  /** At what is told now, and to its end: the look after it has begun. */
  const looked = async (): Promise<void> => {
    const before = looks;
    await until(() => looks >= before + 2);
  };
  async function alarms(): Promise<readonly RecordedEvent[]> {
    const events: RecordedEvent[] = [];
    for await (const page of store.readStream(alarmsStream(CHAIN_ID))) events.push(...page);
    return events;
  }

  it('tell once that it stands and why, through restarts of whoever looks and of the indexer, and once that it goes on', async () => {
    const chain = { chainId: CHAIN_ID, blockNumber: 5, blockHash: HASH, blockTime: 1 };
    await store.append(
      chainStream(CHAIN_ID),
      [
        {
          ...{ id: '00000000-0000-4000-8000-000000000001', type: 'BlocksFinalized', version: 1 },
          data: { number: 5, hash: HASH },
          metadata: {
            ...{ correlationId: HASH, causationId: null, actor: 'chain' },
            chain: { ...chain, txHash: null, logIndex: null, commandId: null },
          },
        },
      ],
      'no_stream',
    );
    await start();
    await looked();
    expect(await alarms()).toEqual([]);
    tell({ state: 'FAILED', failure: 'REORG_TOO_DEEP', head: 12n });
    await looked();
    await start();
    await looked();
    tell({ state: 'STARTING', head: null });
    await looked();
    tell({ state: 'FAILED', failure: 'REORG_TOO_DEEP', head: 13n });
    await looked();
    const [halted, ...more] = await alarms();
    expect(halted).toMatchObject({
      type: 'ChainHalted',
      data: { code: 'REORG_TOO_DEEP', published: 9, head: 12, final: { number: 5, hash: HASH }, seen: SEEN },
    });
    expect(more).toEqual([]);
    tell({ reached: 14n, head: 14n });
    await looked();
    await start();
    await looked();
    const { haltId } = halted?.data as ChainHalted['data'];
    expect((await alarms()).slice(1)).toEqual([
      expect.objectContaining({
        type: 'ChainResumed',
        data: expect.objectContaining({ haltId, published: 14 }),
      }),
    ]);
  });

  it('do not tell of a provider that is behind for a while, nor call one that still is followed', async () => {
    await start(60_000);
    tell({ state: 'WAITING', failure: 'CHAIN_BEHIND', head: 3n });
    await looked();
    expect(await alarms()).toEqual([]);
    await start(0);
    await looked();
    tell({ head: 3n }); // a new indexer, which gives it time again
    await looked();
    expect((await alarms()).map(({ type }) => type)).toEqual(['ChainHalted']);
  });

  it('tell nothing of what nobody knows: an indexer that says no more, or is without a provider', async () => {
    await start();
    tell({ state: 'FAILED', failure: 'WRONG_CHAIN', beatAgeMs: 3_600_000 });
    await looked();
    tell({ state: 'WAITING', failure: 'CHAIN_RPC_UNAVAILABLE' });
    await looked();
    expect(await alarms()).toEqual([]);
  });

  it('are told though another chain’s fail again and again', async () => {
    running = startChainAlarms({
      ...{ chainIds: [1, CHAIN_ID], eventStore: store, clock: Date.now, logger: silentLogger },
      ...{ intervalMs: 1, behindMsMax: 0, pulses: read, seen: async () => SEEN },
      tellOutcome: (chainId) => (chainId === 1 ? Promise.reject(new Error('damaged')) : Promise.resolve()),
    });
    tell({ state: 'FAILED', failure: 'WRONG_CHAIN' });
    await until(async () => (await alarms()).length === 1);
    expect(running.status().failure).toMatchObject({ message: 'damaged' });
  });
});
