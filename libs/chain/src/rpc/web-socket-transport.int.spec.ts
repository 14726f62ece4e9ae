import { until } from '@abland/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { TestProvider } from './json-rpc-server.fixture.js';
import { WebSocketTransport } from './web-socket-transport.js';

/** Waited for in vain, and long enough for an answer on a busy machine. */
const TIMEOUT_MS = 8_000;
const ASKED = [{ method: 'a', params: [] }];

describe('a WebSocket transport', () => {
  let provider: TestProvider;
  let transport: WebSocketTransport;
  beforeEach(async () => {
    provider = new TestProvider((method) => method);
    await provider.start();
    transport = new WebSocketTransport(provider.webSocketUrl, TIMEOUT_MS);
  });
  afterEach(() => provider.stop());
  const noSocketLeft = (): Promise<void> => until(() => provider.sockets.size === 0);

  it('opens nothing once it is closed, for work that had begun before', async () => {
    expect(await transport.batch(ASKED)).toEqual(['a']);
    transport.close();
    await expect(transport.batch(ASKED)).rejects.toMatchObject({ failureClass: 'LATER' });
    expect(provider.connections).toBe(1);
    await noSocketLeft();
  });

  it('outlives an answer to more than was asked, however much more', async () => {
    const answer = (id: number): object => ({ jsonrpc: '2.0', id, result: 'a' });
    provider.whole = (_, [id = 0]) => Array.from({ length: 200_000 }, (__, index) => answer(id + index));
    expect(await transport.batch(ASKED)).toEqual(['a']);
    provider.whole = () => null;
    expect(await transport.batch(ASKED)).toEqual(['a']);
    transport.close();
  });

  it('leaves no socket open that took the place of one on which several waited too long', async () => {
    await transport.batch(ASKED);
    provider.deaf = true;
    const first = transport.batch(ASKED).catch(() => {
      provider.deaf = false;
      return transport.batch(ASKED);
    });
    const second = transport.batch(ASKED).catch(() => null);
    expect(await first).toEqual(['a']);
    await second;
    transport.close();
    await noSocketLeft();
  });
});
