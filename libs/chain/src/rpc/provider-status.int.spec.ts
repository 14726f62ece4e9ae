import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { BlockReader } from '../blocks/block-reader.js';
import { MADE_CHAIN_ID, MadeChain } from '../blocks/made-chain.fixture.js';
import { ChainRpc } from './chain-rpc.js';
import { InconsistentBlockError } from './errors.js';
import { TestProvider } from './json-rpc-server.fixture.js';

const CONTRACTS = {
  ...{ tokenFactory: `0x${'a1'.repeat(20)}`, liquidityManager: `0x${'b2'.repeat(20)}` },
  ...{ forwarder: null, governance: null, checkpoint: null },
};

describe('the status of providers', () => {
  let chain: MadeChain;
  let first: TestProvider;
  let second: TestProvider;
  let rpc: ChainRpc;
  beforeEach(async () => {
    chain = new MadeChain().add().add().add();
    first = new TestProvider(chain.answer);
    second = new TestProvider(chain.answer);
    await first.start();
    await second.start();
    const urls = [first.url, second.webSocketUrl];
    rpc = new ChainRpc({ urls, chainId: MADE_CHAIN_ID, timeoutMs: 60_000, logger: silentLogger });
  });
  afterEach(async () => {
    rpc.close();
    await first.stop();
    await second.stop();
  });
  const reader = (): BlockReader => new BlockReader(rpc, CONTRACTS, { logger: silentLogger });

  it('is not known before they were asked', () => {
    const unknown = { state: 'UNKNOWN', latencyMs: null, answerAgeMs: null, head: null, requests: 0 };
    expect(rpc.status()).toMatchObject([
      { ...unknown, transport: 'HTTP' },
      { ...unknown, transport: 'WEBSOCKET' },
    ]);
  });

  it('tells how they answered, and which head they told', async () => {
    const { number } = await reader().head();
    const [told, other] = rpc.status();
    expect(told).toMatchObject({ state: 'WELL', head: number, requests: 2, faults: {}, lastFault: null });
    expect(told?.latencyMs).toBeGreaterThan(0);
    expect(told?.answerAgeMs).toBeGreaterThanOrEqual(0);
    expect(other).toMatchObject({ state: 'UNKNOWN' });
  });

  it('counts each fault once, by code and class, and what did not hold together by what was wrong', async () => {
    first.answering = (method, params) => {
      const answer = chain.answer(method, params) as object;
      return method === 'eth_getBlockByNumber' ? { ...answer, timestamp: '0x1' } : answer;
    };
    await rpc.request('eth_chainId');
    const wanted = { least: 'RECEIPTS', receipts: 'ALL' } as const;
    await new BlockReader(rpc, CONTRACTS, { logger: silentLogger, proof: wanted }).head();
    expect(rpc.status()[0]).toMatchObject({
      state: 'SET_ASIDE',
      faults: { CHAIN_DATA_INCONSISTENT: 1 },
      faultsByClass: { ANOTHER: 1 },
      discrepancies: { HEADER_HASH: 1 },
      lastFault: { code: 'CHAIN_DATA_INCONSISTENT' },
    });
    expect(rpc.status()[1]).toMatchObject({ state: 'WELL' });
  });

  it('counts refusals, and tells the last one also once all is well again', async () => {
    first.raw = { status: 503, body: '' };
    await rpc.request('eth_chainId');
    expect(rpc.status()[0]).toMatchObject({ state: 'SET_ASIDE', faults: { CHAIN_RPC_UNAVAILABLE: 1 } });
    first.raw = null;
    await second.stop();
    await rpc.request('eth_chainId');
    const [told] = rpc.status();
    expect(told).toMatchObject({ state: 'WELL', fault: null, faultsByClass: { LATER: 1 } });
    expect(told?.lastFault).toMatchObject({ code: 'CHAIN_RPC_UNAVAILABLE' });
  });

  it('takes what a contract says for no fault', async () => {
    first.answering = (method, params) => {
      if (method !== 'eth_call') return chain.answer(method, params);
      throw { code: 3, message: 'execution reverted' };
    };
    await expect(rpc.request('eth_call')).rejects.toMatchObject({ failureClass: 'WRONG' });
    expect(rpc.status()[0]).toMatchObject({ faults: {}, lastFault: null });
  });

  it('is that of the wrong chain for one that serves another', async () => {
    first.answering = () => '0x1234';
    await reader().head();
    expect(rpc.status()[0]).toMatchObject({ state: 'WRONG_CHAIN', faults: { WRONG_CHAIN: 1 } });
  });

  it('turns well by trials, one at a time, beside the work of another that gives', async () => {
    const url = rpc.status()[0]?.url;
    let trials = 0;
    let most = 0;
    let heals = false;
    const work = async ({ shownUrl }: { shownUrl: string }): Promise<string> => {
      if (shownUrl !== url) return shownUrl;
      trials += 1;
      most = Math.max(most, trials);
      await new Promise((resolve) => setTimeout(resolve, 20));
      trials -= 1;
      if (!heals) throw new InconsistentBlockError('it lies');
      return shownUrl;
    };
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) {
        expect(await Promise.all([rpc.ask(work), rpc.ask(work)])).not.toContain(url);
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    expect(await rpc.ask(work)).not.toBe(url);
    await until(() => (rpc.status()[0]?.discrepancies['UNLINKED'] ?? 0) >= 2);
    expect(rpc.status()[0]).toMatchObject({ state: 'SET_ASIDE' });
    heals = true;
    await until(() => rpc.status()[0]?.fault === null);
    expect(most).toBe(1);
  });
});
