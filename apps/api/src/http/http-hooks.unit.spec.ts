import { describe, expect, it } from '@jest/globals';
import { type Logger, silentLogger } from '@abland/kernel';
import { fastify } from 'fastify';
import { contextOf, installHttpHooks } from './http-hooks.js';

async function linesOf(times: number, path: string): Promise<readonly (readonly [string, object])[]> {
  const lines: (readonly [string, object])[] = [];
  const tell = (fields: object, message: string) => void lines.push([message, fields]);
  const logger: Logger = { ...silentLogger, info: tell, warn: tell, error: tell };
  const server = fastify();
  installHttpHooks(server, logger, { observeRequest: () => undefined });
  server.get('/well', () => ({}));
  server.get('/away', (_, reply) => reply.code(503).send({}));
  server.get('/answered', (request) => {
    const context = contextOf(request);
    if (context !== undefined) context.errorCodes = ['SERVICE_UNAVAILABLE'];
    return {};
  });
  for (let time = 0; time < times; time += 1) await server.inject({ url: path });
  await server.close();
  return lines;
}

describe('what is told of requests', () => {
  it('is a line each, of those that are answered', async () => {
    const lines = await linesOf(3, '/well');
    expect(lines.map(([message]) => message)).toEqual(['request', 'request', 'request']);
  });

  it.each(['/away', '/answered'])(
    'is the first of those that fail for want of a part (%s), not each',
    async (path) => {
      const lines = await linesOf(100, path);
      expect(lines).toMatchObject([
        ['requests fail', { http: { request: { method: 'GET' } }, url: { path } }],
      ]);
    },
  );
});
