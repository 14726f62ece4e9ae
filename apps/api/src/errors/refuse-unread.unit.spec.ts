import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import type { ConnectionError } from 'fastify';
import { refuseUnparsed } from './refuse-unread.js';

const unparsed = Object.assign(new Error('Parse Error'), { code: 'HPE_INVALID_METHOD' }) as ConnectionError;

describe('what never becomes a request', () => {
  it('has its answer also where the connection takes it a moment later', async () => {
    let sent = '';
    const socket: Duplex = new Duplex({
      read: () => undefined,
      write(chunk, _encoding, done) {
        setImmediate(() => {
          if (!socket.destroyed) sent += String(chunk);
          done();
        });
      },
    });
    socket.on('error', () => undefined);
    refuseUnparsed(unparsed, socket as Socket);
    refuseUnparsed(unparsed, socket as Socket); // of what comes after it
    await once(socket, 'finish');
    expect(sent).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n[^]*"REQUEST_UNREADABLE"/);
    expect(sent.match(/HTTP\/1/g)).toHaveLength(1);
    socket.destroy();
  });

  it('has its answer also where it goes on for long, and its connection ends', async () => {
    const server = createServer({ maxHeaderSize: 1_024 });
    server.on('clientError', (error: ConnectionError, socket) => refuseUnparsed(error, socket as Socket));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    for (let part = 0; part < 200; part += 1) client.write(part === 0 ? 'GET /' : 'a'.repeat(4_096));
    let answer = '';
    for await (const chunk of client) answer += String(chunk);
    expect(answer).toMatch(/^HTTP\/1\.1 431 [^]*"HEADERS_TOO_LARGE"/);
    await new Promise((resolve) => server.close(resolve));
  });
});
