import { createServer, type ServerResponse } from 'node:http';
import { codeOf, failureClassOf, within, withoutSecrets } from '@abland/kernel';
import type { Registry } from 'prom-client';
import { livenessOf } from './version.js';
import { listen } from './listen.js';

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

/** A probe that waits longer gives up anyway. */
const ANSWER_WITHIN_MS = 5_000;
const REQUEST_WITHIN_MS = 10_000;

/**
 * /health, /ready and /metrics of a program that serves nothing else; each is answered within 5 s.
 * @throws PortInUseError
 */
export async function startHealthServer(
  options: HealthServerOptions,
): Promise<{ port: number; stop(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(request.url ?? '/', response, options).catch((error: unknown) => fail(response, error));
  });
  server.requestTimeout = REQUEST_WITHIN_MS;
  const port = await listen(server, options.port, 'METRICS_PORT');
  return {
    port,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function answer(path: string, response: ServerResponse, options: HealthServerOptions): Promise<void> {
  if (path === '/metrics') {
    const text = await within(ANSWER_WITHIN_MS, 'reading the metrics', options.metrics.metrics());
    response.writeHead(200, { 'content-type': options.metrics.contentType }).end(text);
    return;
  }
  if (path === '/health') return send(response, 200, livenessOf(process.uptime()));
  if (path !== '/ready') return send(response, 404, { error: 'not found' });
  const health = await within(ANSWER_WITHIN_MS, 'asking for the state', Promise.resolve(options.health()));
  send(response, health.ready ? 200 : 503, {
    status: health.ready ? 'ready' : 'not ready',
    ...health.details,
  });
}

/** What is asked does not answer, or not as it should, or we have a defect: either way nothing is known, so nothing is ready. */
function fail(response: ServerResponse, error: unknown): void {
  if (response.headersSent) return void response.destroy();
  const message = withoutSecrets(error instanceof Error ? error.message : String(error));
  const defect = failureClassOf(error) === 'OURS';
  send(response, defect ? 500 : 503, { status: 'not ready', code: codeOf(error), error: message });
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : typeof value === 'string' ? withoutSecrets(value) : value,
  );
  response.writeHead(status, { 'content-type': 'application/json' }).end(text);
}
