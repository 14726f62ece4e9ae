import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { openProvider } from './open-provider.js';

/** Nothing listens on the discard port. */
const NOBODY = 'http://127.0.0.1:9';

describe('a node that a command wants', () => {
  let server: Server | null = null;
  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });
  const silentNode = async (): Promise<string> => {
    server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  };

  it('is told to be away where nobody listens, without the key in its URL, and is not asked again', async () => {
    const printed = jest.spyOn(console, 'log').mockReturnValue(undefined);
    await expect(openProvider(`${NOBODY}/v3/secret-key`)).rejects.toMatchObject({
      code: 'CHAIN_RPC_UNAVAILABLE',
      message: expect.not.stringContaining('secret-key'),
    });
    await new Promise((resolve) => setTimeout(resolve, 1_500)); // ethers would ask again after a second
    expect(printed).not.toHaveBeenCalled();
    printed.mockRestore();
  });

  it('is told to be away where it takes the request and never answers', async () => {
    await expect(openProvider(await silentNode(), {}, 200)).rejects.toMatchObject({
      code: 'CHAIN_RPC_UNAVAILABLE',
    });
  });
});
