import { chainStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { WrongChainError } from '../rpc/errors.js';
import { TestProvider } from '../rpc/json-rpc-server.fixture.js';
import { ChainNotOfLogError } from './errors.js';
import { requireChainOfLog } from './require-chain-of-log.js';

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
  });
  afterEach(() => provider.stop());

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
  const require = (chainId = 7): Promise<void> =>
    requireChainOfLog({ eventStore, chainId, rpcUrls: [provider.url], logger: silentLogger });

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
    has.set('0x5', { hash: hashOf(99) });
    await expect(require()).rejects.toThrow(ChainNotOfLogError);
    has.delete('0x5');
    await expect(require()).rejects.toMatchObject({
      code: 'CHAIN_NOT_OF_LOG',
      message: expect.stringContaining('has not caught up'),
    });
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
