import { createServer, type Server } from 'node:http';

export type Answer = { readonly result: unknown } | { readonly error: object };

/** A provider of a chain. */
export function provider(answer: (method: string) => Answer): Server {
  return createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const { id, method } = JSON.parse(body) as { id: number; method: string };
      response.end(JSON.stringify({ jsonrpc: '2.0', id, ...answer(method) }));
    });
  });
}

/** What one answers on whose chain nothing was ever sent. */
export const unused =
  (chainId: number) =>
  (method: string): Answer => ({
    result: method === 'eth_chainId' ? `0x${chainId.toString(16)}` : '0x0',
  });
