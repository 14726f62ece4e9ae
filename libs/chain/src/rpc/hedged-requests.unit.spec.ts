import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { ChainRpc } from './chain-rpc.js';
import { RpcUnavailableError } from './errors.js';

const URLS = ['http://one', 'http://two', 'http://three'];

describe('a request that takes its time', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('is asked of one provider more, and of the next once one of the two has failed', async () => {
    const rpc = new ChainRpc({ urls: URLS, chainId: 7, logger: silentLogger });
    let running = 0;
    let most = 0;
    const outcome = rpc.ask(async ({ shownUrl }) => {
      running += 1;
      most = Math.max(most, running);
      if (shownUrl === 'http://three') return shownUrl;
      await new Promise((resolve) => setTimeout(resolve, 60_000));
      running -= 1;
      throw new RpcUnavailableError(`${shownUrl} did not answer`);
    });
    await jest.advanceTimersByTimeAsync(50_000);
    expect([running, most]).toEqual([2, 2]);
    await jest.advanceTimersByTimeAsync(15_000);
    expect(await outcome).toBe('http://three');
    expect(most).toBe(2);
    rpc.close();
  });
});
