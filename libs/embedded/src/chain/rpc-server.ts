import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { listenFailure } from '@abland/kernel';
import type { EthereumProvider } from 'hardhat/types/providers';
import { WebSocketServer } from 'ws';
import { RpcError } from './errors.js';
import type { RpcHandler } from './rpc-methods.js';
import { answer } from './rpc-protocol.js';
import { serveSubscriptions } from './rpc-subscriptions.js';

const BODY_BYTES_MAX = 10 * 1024 * 1024;

export interface RpcServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Wallets in a browser call from any origin. */
const CORS_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'POST, OPTIONS',
  'access-control-allow-headers': '*',
};

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > BODY_BYTES_MAX) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function handleHttp(
  request: IncomingMessage,
  response: ServerResponse,
  handler: RpcHandler,
): Promise<void> {
  const end = (status: number, body = ''): void => {
    const type = body === '' ? {} : { 'content-type': 'application/json' };
    response.writeHead(status, { ...CORS_HEADERS, ...type }).end(body);
  };
  if (request.method === 'OPTIONS') return end(204);
  if (request.method !== 'POST') return end(405);
  const body = await readBody(request);
  if (body === null) return end(413);
  end(200, JSON.stringify(await answer(body, handler)));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: unknown) => reject(listenFailure(error, port)));
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}

/**
 * JSON-RPC over HTTP and WebSocket on one port.
 * @throws PortInUseError, PortRefusedError
 */
export async function startRpcServer(
  options: { readonly host: string; readonly port: number },
  provider: EthereumProvider,
  handler: RpcHandler,
): Promise<RpcServer> {
  const overHttp: RpcHandler = async (method, params) => {
    if (method === 'eth_subscribe') throw new RpcError(-32601, 'Subscriptions need a WebSocket');
    return handler(method, params);
  };
  const server = createServer((request, response) => {
    // Fails only where the client is gone.
    handleHttp(request, response, overHttp).catch(() => response.destroy());
  });
  const port = await listen(server, options.host, options.port);
  const sockets = new WebSocketServer({ server, maxPayload: BODY_BYTES_MAX });
  // Each subscribed connection listens to the one provider.
  provider.setMaxListeners(0);
  sockets.on('connection', (socket) => serveSubscriptions(socket, provider, handler));
  return {
    port,
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}
