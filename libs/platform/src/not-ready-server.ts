import { createServer } from 'node:http';
import { withoutSecrets } from '@abland/kernel';
import { livenessOf } from './version.js';
import { listen } from './listen.js';

/**
 * Answers at a program's port while the program itself cannot start yet: it lives, and is not ready.
 * @param why for a person
 * @throws PortInUseError
 */
export async function serveNotReady(port: number, why: () => string): Promise<() => Promise<void>> {
  const server = createServer((request, response) => {
    const [status, body] =
      request.url === '/health'
        ? [200, livenessOf(process.uptime())]
        : [503, { status: 'not ready', error: withoutSecrets(why()) }];
    response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
    response.end(JSON.stringify(body));
  });
  await listen(server, port);
  return async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
}
