import { WebSocket } from 'ws';
import { withoutCredentials } from './credentials.js';
import { ANSWER_BYTES_MAX } from './json-rpc.js';

/** A socket on which nothing was heard for two of these is given up. */
const PING_MS = 10_000;

/** A WebSocket that is pinged, and terminated where nothing comes back: one that is half open never says so by itself. */
export function openSocket(url: string, handshakeTimeout: number, pingMs = PING_MS): WebSocket {
  const { authorization, url: asked } = withoutCredentials(url);
  const headers = authorization === null ? {} : { authorization };
  const socket = new WebSocket(asked, { handshakeTimeout, maxPayload: ANSWER_BYTES_MAX, headers });
  let heard = true;
  const hear = (): void => {
    heard = true;
  };
  const timer = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!heard) return socket.terminate();
    heard = false;
    socket.ping();
  }, pingMs);
  timer.unref();
  socket.on('pong', hear);
  socket.on('message', hear);
  socket.on('close', () => clearInterval(timer));
  return socket;
}
