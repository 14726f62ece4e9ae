import type { EthereumProvider } from 'hardhat/types/providers';
import type { WebSocket } from 'ws';
import { RpcError } from './errors.js';
import type { RpcHandler } from './rpc-methods.js';
import { answer } from './rpc-protocol.js';

interface Notification {
  readonly subscription: string;
  readonly result: unknown;
}

/** Serves one WebSocket: requests, and the notifications of its own subscriptions. */
export function serveSubscriptions(socket: WebSocket, provider: EthereumProvider, handler: RpcHandler): void {
  const subscriptions = new Set<string>();
  const send = (message: unknown): void => {
    if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(message));
  };
  const notify = (params: Notification): void => {
    if (subscriptions.has(params.subscription)) send({ jsonrpc: '2.0', method: 'eth_subscription', params });
  };
  const overSocket: RpcHandler = async (method, params) => {
    if (method === 'eth_subscribe') {
      const id = (await provider.request({ method, params })) as string;
      subscriptions.add(id);
      return id;
    }
    if (method === 'eth_unsubscribe') {
      const id = params[0];
      if (typeof id !== 'string') throw new RpcError(-32602, 'Expected a subscription id');
      if (!subscriptions.delete(id)) return false;
      return provider.request({ method, params });
    }
    return handler(method, params);
  };

  provider.on('notification', notify);
  socket.on('message', (data) => {
    void answer(data.toString(), overSocket).then(send);
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    provider.removeListener('notification', notify);
    for (const id of subscriptions) {
      // The EVM may be gone before its clients when everything stops.
      provider.request({ method: 'eth_unsubscribe', params: [id] }).catch(() => undefined);
    }
    subscriptions.clear();
  });
}
