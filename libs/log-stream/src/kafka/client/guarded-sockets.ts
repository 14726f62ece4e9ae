import net from 'node:net';
import tls from 'node:tls';
import type { ISocketFactory } from 'kafkajs';

const KEEP_ALIVE_MS = 30_000;

/**
 * Sockets of one client. kafkajs reads answers in listeners, where an answer that it cannot read is thrown to nobody and ends the
 * process; here it ends the connection. And it waits for open requests before it closes, however long: here a close is one.
 */
export class GuardedSockets {
  readonly #open = new Set<net.Socket>();
  #closed = false;

  readonly factory: ISocketFactory = ({ host, port, ssl, onConnect }) => {
    if (this.#closed) throw new Error('the client is closed');
    const socket = ssl
      ? tls.connect({ host, port, ...(net.isIP(host) === 0 ? { servername: host } : {}), ...ssl }, onConnect)
      : net.connect({ host, port }, onConnect);
    socket.setKeepAlive(true, KEEP_ALIVE_MS);
    socket.setNoDelay(true);
    this.#open.add(socket);
    socket.once('close', () => this.#open.delete(socket));
    return guarded(socket);
  };

  /** Ends every connection, whatever waits for an answer on it. */
  destroy(): void {
    this.#closed = true;
    for (const socket of this.#open) socket.destroy(new Error('the client was closed'));
  }
}

function guarded(socket: net.Socket): net.Socket {
  const on = socket.on.bind(socket);
  socket.on = ((event: string, listener: (...args: unknown[]) => void) => {
    if (event !== 'data') return on(event, listener);
    return on(event, (...args: unknown[]) => {
      try {
        listener(...args);
      } catch (error) {
        socket.destroy(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }) as typeof socket.on;
  return socket;
}
