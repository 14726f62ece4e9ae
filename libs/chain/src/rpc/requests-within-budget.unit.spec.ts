import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BlockReader } from '../blocks/block-reader.js';
import { MADE_CHAIN_ID, MadeChain } from '../blocks/made-chain.fixture.js';
import { ChainRpc } from './chain-rpc.js';
import type { Provider } from './provider.js';

interface Message {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

const CONTRACTS = {
  ...{ tokenFactory: `0x${'a1'.repeat(20)}`, liquidityManager: `0x${'b2'.repeat(20)}` },
  ...{ forwarder: null, governance: null, checkpoint: null },
};

describe('providers that may be asked once a second', () => {
  const chain = new MadeChain().add().add();
  /** What was sent, with whom to. */
  let sent: string[] = [];
  let tests = 0;

  beforeEach(() => {
    jest.useFakeTimers();
    sent = [];
    tests += 1;
    jest.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
      const message = JSON.parse(init?.body as string) as Message;
      sent.push(`${new URL(String(url)).hostname.slice(0, 1)} ${message.method}`);
      if (message.method === 'hang' && String(url).includes('//a.')) await new Promise(() => undefined);
      const isOfChain = message.method === 'eth_chainId' || message.method === 'eth_getBlockByNumber';
      const result = isOfChain ? chain.answer(message.method, message.params) : 'given';
      return new Response(JSON.stringify({ jsonrpc: '2.0', id: message.id, result }));
    });
  });
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });

  /** Budgets are of a process, by URL. */
  const open = (...names: readonly string[]): ChainRpc =>
    new ChainRpc({
      urls: names.map((name) => `http://${name}.test-${tests}`),
      ...{ chainId: MADE_CHAIN_ID, requestsPerSecond: 1, logger: silentLogger },
    });
  const work = (count: number) => (provider: Provider) =>
    provider.batch(Array.from({ length: count }, (_, index) => ({ method: `m${index}`, params: [] })));

  it('are not slow for what waits: nobody else is asked in their place', async () => {
    const asked = open('a', 'b').ask(work(8));
    await jest.advanceTimersByTimeAsync(8_000);
    expect(await asked).toHaveLength(8);
    expect(sent).toEqual(['a eth_chainId', ...Array.from({ length: 8 }, (_, index) => `a m${index}`)]);
  });

  it('are slow where one does not answer what was sent, whatever else waits', async () => {
    const rpc = open('a', 'b');
    await Promise.all([rpc.request('first'), jest.advanceTimersByTimeAsync(2_000)]);
    const hanging = rpc.ask((provider) => provider.request('hang'));
    const others = Array.from({ length: 9 }, () => rpc.batch([{ method: 'm', params: [] }]));
    await jest.advanceTimersByTimeAsync(4_000);
    expect(await hanging).toBe('given');
    expect(sent).toContain('b hang');
    await jest.advanceTimersByTimeAsync(10_000);
    await Promise.all(others);
  });

  it('are at no fault where more is asked: that goes to the next, or waits for later', async () => {
    const rpc = open('a', 'b');
    await Promise.all([rpc.request('first'), jest.advanceTimersByTimeAsync(2_000)]);
    const asked = Array.from({ length: 30 }, () =>
      rpc.ask(work(1)).then(
        () => 'given',
        (error: unknown) => error,
      ),
    );
    await jest.advanceTimersByTimeAsync(60_000);
    const outcomes = await Promise.all(asked);
    const given = outcomes.filter((outcome) => outcome === 'given').length;
    expect(given).toBeGreaterThan(15);
    expect(given).toBeLessThan(30);
    expect(outcomes.find((outcome) => outcome !== 'given')).toMatchObject({
      code: 'CHAIN_RPC_UNAVAILABLE',
      failureClass: 'LATER',
    });
    expect(sent).toContain('b m0');
    const well = { state: 'WELL', asideMs: 0, fault: null, lastFault: null, faults: {}, batchMax: null };
    expect(rpc.status()).toMatchObject([well, well]);
  });

  it('are asked for the newest block before all that waits', async () => {
    const rpc = open('a');
    await Promise.all([rpc.request('first'), jest.advanceTimersByTimeAsync(2_000)]);
    const asked = Array.from({ length: 8 }, () => rpc.ask(work(1)));
    const head = new BlockReader(rpc, CONTRACTS, { logger: silentLogger }).head();
    await jest.advanceTimersByTimeAsync(10_000);
    expect((await head).number).toBe(chain.blocks.length - 1);
    expect(sent.slice(2, 4)).toEqual(['a m0', 'a eth_getBlockByNumber']);
    await Promise.all(asked);
  });
});
