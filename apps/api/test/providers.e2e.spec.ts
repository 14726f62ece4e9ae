import { type ProviderStatus, tellProviders } from '@abland/chain';
import { silentLogger } from '@abland/kernel';
import { pulseOf, startPulses } from '@abland/postgres';
import { until as comesTo } from '@abland/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import { type ApiClient, signIn } from './api-client.js';
import { startTestApi, type TestApi } from './test-api.js';
import { CHAIN_ID } from './test-chain.js';

const WELL: ProviderStatus = {
  ...{ url: 'https://node.example/…', transport: 'HTTP', state: 'WELL', asideMs: 0, fault: null },
  ...{ lastFault: null, latencyMs: 41.53, answerAgeMs: 2_000, head: 12, requests: 7 },
  ...{ faults: {}, faultsByClass: {}, discrepancies: {}, rangeMax: null, batchMax: null, lacks: [] },
};
const LYING: ProviderStatus = {
  ...{ ...WELL, url: 'wss://other.example/…', transport: 'WEBSOCKET', state: 'SET_ASIDE', asideMs: 60_000 },
  ...{ fault: { code: 'A', message: 'no' }, lastFault: { code: 'A', message: 'no', ageMs: 500 } },
  ...{ faults: { A: 2, B: 3 }, faultsByClass: { ANOTHER: 5 }, discrepancies: { HEADER_HASH: 2 } },
  ...{ rangeMax: 10, batchMax: 4, lacks: ['eth_getBlockReceipts'] },
};
const PROVIDERS = `{ providers { chainId place url transport state toldSeconds latencyMs answerSeconds headBlock requests
  lastFault { code message at } faults { name count } discrepancies { name count } rangeMax batchMax lacks nextRequestAt } }`;

describe('the providers of a chain', () => {
  const wallet = Wallet.createRandom();
  let api: TestApi;
  let operator: ApiClient;
  let end: () => Promise<void> = () => Promise.resolve();
  beforeAll(async () => {
    api = await startTestApi({ config: { operators: [wallet.address] } });
    operator = await signIn(api.client, wallet);
  });
  afterEach(() => end());
  afterAll(() => api.stop());

  const follow = (providers: readonly ProviderStatus[]): void => {
    const status = {
      name: `indexer-${CHAIN_ID}`,
      state: 'RUNNING',
      failure: null,
      progressAgeMs: 0,
      standsAt: null,
    } as const;
    end = startPulses({
      ...{ pool: api.pool, logger: silentLogger, intervalMs: 20 },
      parts: () => [pulseOf(status as never)],
      details: () => [{ part: status.name, ...tellProviders(providers, null) }],
    }).stop;
  };
  const read = async () => (await operator.query(PROVIDERS)).providers;
  const until = async (holds: (providers: readonly { state: string }[]) => boolean) => {
    let providers = await read();
    await comesTo(async () => holds((providers = await read())));
    return providers;
  };

  it('are none where no indexer ever told of any', async () => {
    expect(await read()).toEqual([]);
  });

  it('are told as their indexer has them, and are stale once it has stopped', async () => {
    follow([WELL, LYING]);
    const [well, lying] = await until((providers) => providers.length > 0);
    expect(well).toMatchObject({
      ...{ chainId: CHAIN_ID, place: 1, url: WELL.url, transport: 'HTTP', state: 'WELL', latencyMs: 41.5 },
      ...{ headBlock: 12, requests: 7, lastFault: null, faults: [], rangeMax: null, nextRequestAt: null },
    });
    expect(well.answerSeconds).toBeGreaterThanOrEqual(2);
    expect(lying).toMatchObject({
      ...{ place: 2, transport: 'WEBSOCKET', state: 'SET_ASIDE', lastFault: { code: 'A', message: 'no' } },
      ...{ discrepancies: [{ name: 'HEADER_HASH', count: 2 }], rangeMax: 10, batchMax: 4 },
      ...{ lacks: ['eth_getBlockReceipts'] },
    });
    expect(lying.faults).toEqual([
      { name: 'B', count: 3 },
      { name: 'A', count: 2 },
    ]);
    expect(Date.parse(lying.nextRequestAt)).toBeGreaterThan(Date.parse(lying.lastFault.at));
    await end();
    const stale = await until((providers) => providers.every(({ state }) => state === 'STALE'));
    expect(stale).toMatchObject([{ headBlock: 12 }, { lastFault: { code: 'A' } }]);
    expect(stale[0].toldSeconds).toBeGreaterThan(0);
    expect(stale[0].answerSeconds).toBeGreaterThan(well.answerSeconds);
  });

  it('are for operators alone', async () => {
    const somebody = await signIn(api.client, Wallet.createRandom());
    expect((await somebody.refusal(PROVIDERS)).extensions).toMatchObject({ code: 'FORBIDDEN' });
    expect((await api.client.refusal(PROVIDERS)).extensions).toMatchObject({ code: 'UNAUTHENTICATED' });
  });
});
