import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe as inOneLine } from '@abland/platform';
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

  it.each([
    ['nobody listens any more', /does not answer/], // what Node says of it is no error of this realm
    ['somebody else answers', /server response 502 Bad Gateway/],
  ])('is told to be away as before where %s later on, in one line', async (why, reason) => {
    let answers = true;
    server = createServer((request, response) => {
      if (!answers) return void response.writeHead(502).end('<html>');
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        const [asked] = [JSON.parse(body)].flat() as { id: number }[];
        response.end(JSON.stringify({ jsonrpc: '2.0', id: asked?.id, result: '0x1' }));
      });
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v3/secret-key`;
    const provider = await openProvider(url);
    try {
      answers = false;
      if (why.startsWith('nobody')) {
        server.closeAllConnections();
        server.close();
      }
      const failure: unknown = await provider.getBlockNumber().catch((error: unknown) => error);
      expect(failure).toMatchObject({ code: 'CHAIN_RPC_UNAVAILABLE' });
      const told = inOneLine(failure);
      expect(told).toMatch(
        /^abland: the chain's node does not answer \(http:[^ ]*\).* \(CHAIN_RPC_UNAVAILABLE\)$/,
      );
      expect(told).toMatch(reason);
      expect(told).not.toContain('secret-key');
      expect(told.length).toBeLessThan(200);
    } finally {
      provider.destroy();
    }
  });

  it('is told to be away where it takes the request and never answers', async () => {
    await expect(openProvider(await silentNode(), {}, 200)).rejects.toMatchObject({
      code: 'CHAIN_RPC_UNAVAILABLE',
    });
  });
});
