import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { Registry } from 'prom-client';
import { PortInUseError } from './errors.js';

export interface Health {
  readonly ready: boolean;
  /** What a person or a probe should see: lag, heads, states. */
  readonly details: Readonly<Record<string, unknown>>;
}

export interface HealthServerOptions {
  readonly port: number;
  readonly metrics: Registry;
  readonly health: () => Health | Promise<Health>;
}

/** /health, /ready and /metrics of a program that serves nothing else. */
export async function startHealthServer(
  options: HealthServerOptions,
): Promise<{ port: number; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request.url ?? '/', response, options).catch((error: unknown) => {
      send(response, 500, { error: error instanceof Error ? error.message : String(error) });
    });
  });
  server.listen(options.port);
  await Promise.race([
    once(server, 'listening'),
    once(server, 'error').then(([error]: NodeJS.ErrnoException[]) => {
      throw error?.code === 'EADDRINUSE' ? new PortInUseError(options.port) : error;
    }),
  ]);
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : options.port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(path: string, response: ServerResponse, options: HealthServerOptions): Promise<void> {
  if (path === '/metrics') {
    response.writeHead(200, { 'content-type': options.metrics.contentType });
    response.end(await options.metrics.metrics());
    return;
  }
  if (path === '/health') return send(response, 200, { status: 'ok' });
  if (path !== '/ready') return send(response, 404, { error: 'not found' });
  const health = await options.health();
  send(response, health.ready ? 200 : 503, {
    status: health.ready ? 'ready' : 'not ready',
    ...health.details,
  });
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}
