import { chainStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WrongChainError } from '../rpc/errors.js';
import { TestProvider } from '../rpc/json-rpc-server.fixture.js';
import { ChainNotOfLogError } from './errors.js';
import { ChainOfLog } from './chain-of-log.js';

const hashOf = (number: number): string => `0x${number.toString(16).padStart(64, '0')}`;

describe('the chain of a log', () => {
  let provider: TestProvider;
  let eventStore: MemoryEventStore;
  const has = new Map<string, { hash: string }>();

  beforeEach(async () => {
    has.clear();
    for (let number = 0; number < 10; number += 1) has.set(`0x${number}`, { hash: hashOf(number) });
    provider = new TestProvider((method, [block]) =>
      method === 'eth_chainId' ? '0x7' : (has.get(block as string) ?? null),
    );
    await provider.start();
    eventStore = new MemoryEventStore();
    const rpcUrls = [provider.url];
    chain = new ChainOfLog({ eventStore, chainId: 7, rpcUrls, logger: silentLogger, finalMsMax: 0 });
  });
  afterEach(async () => {
    chain.close();
    await provider.stop();
  });

  const append = async (type: string, number: number): Promise<unknown> =>
    eventStore.append(
      chainStream(7),
      [
        {
          ...{ id: crypto.randomUUID(), type, version: 1 },
          data: { number, hash: hashOf(number), parentHash: hashOf(number - 1), time: number },
          metadata: { correlationId: 'test', causationId: null, actor: 'process:test' },
        },
      ],
      'any',
    );
  let chain: ChainOfLog;
  const require = (): Promise<void> => chain.require();

  it('is any where the log holds no final block', async () => {
    await append('BlockIngested', 20);
    await require();
  });

  it('is the one that has the newest block that is final in the log', async () => {
    for (const number of [3, 4, 5, 6]) await append('BlockIngested', number);
    await append('BlocksFinalized', 3);
    await append('BlocksFinalized', 5);
    await require();
    has.set('0x6', { hash: hashOf(99) }); // not final: it may still be taken back
    await require();
  });

  it('is another, reorganized too deeply, or behind, by what else the provider has', async () => {
    for (const number of [3, 4, 5, 6]) await append('BlockIngested', number);
    await append('BlocksFinalized', 5);
    has.set('0x5', { hash: hashOf(99) });
    await expect(require()).rejects.toMatchObject({ code: 'REORG_TOO_DEEP', failureClass: 'WRONG' });
    has.set('0x3', { hash: hashOf(98) });
    await expect(require()).rejects.toThrow(ChainNotOfLogError);
    for (const gone of ['0x5', '0x6', '0x7', '0x8', '0x9']) has.delete(gone);
    await expect(require()).rejects.toThrow(ChainNotOfLogError);
    has.set('0x3', { hash: hashOf(3) });
    await expect(require()).rejects.toMatchObject({ code: 'CHAIN_BEHIND', failureClass: 'ANOTHER' });
    has.delete('0x3');
    await expect(require()).rejects.toMatchObject({ code: 'CHAIN_BEHIND' });
    has.set('0x5', { hash: hashOf(5) });
    await require();
  });

  it('is not one of another id', async () => {
    await append('BlockIngested', 3);
    await append('BlocksFinalized', 3);
    provider.answering = () => '0x8';
    await expect(require()).rejects.toThrow(WrongChainError);
  });

  it('is not known where no provider answers, or with an error, which may pass', async () => {
    await append('BlockIngested', 3);
    await append('BlocksFinalized', 3);
    provider.answering = (method) => {
      if (method === 'eth_chainId') return '0x7';
      throw { code: -32603, message: 'Internal error' };
    };
    await expect(require()).rejects.toMatchObject({ failureClass: 'ANOTHER' });
    await provider.stop();
    await expect(require()).rejects.toMatchObject({ failureClass: 'LATER' });
    await provider.start();
  });
});
