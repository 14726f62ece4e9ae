import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Made by `npm run build` (apps/web/build.mjs), the same place from src/ and from dist/. */
const folder = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Pages of the web app (apps/web/src/app/paths.ts): each of them is the app itself, which shows what its path says. */
export const WEB_PAGES = [
  ...['/', '/tokens', '/tokens/:address', '/pools', '/pools/:id', '/trade', '/create', '/analytics'],
  ...[
    '/portfolio',
    '/orders',
    '/address/:address',
    '/tx/:hash',
    '/profile',
    '/governance',
    '/governance/:id',
  ],
  ...['/developers', '/admin', '/audit', '/ops', '/ops/*'],
];

const unbuilt = `<!doctype html><title>AB.LAND</title>
<p>The web app is not built: run <code>npm run build</code>. The API itself answers POST /graphql.</p>
`;

/**
 * Serves the web app: its page fresh each time, its files, whose names tell their content, for good. Who looks for a page that there is
 * not is told so by the app; programs are told as of any other path.
 */
export async function serveWebApp(fastify: FastifyInstance): Promise<void> {
  const page = existsSync(`${folder}index.html`) ? readFileSync(`${folder}index.html`, 'utf8') : null;
  const policy = policyOf(page ?? unbuilt);
  const send = (reply: FastifyReply, code: number): FastifyReply =>
    reply
      .code(page === null ? 503 : code)
      .header('content-security-policy', policy)
      .header('cache-control', 'no-cache')
      .type('text/html; charset=utf-8')
      .send(page ?? unbuilt);
  for (const path of WEB_PAGES) fastify.get(path, (_request, reply) => send(reply, 200));
  fastify.get('/*', (request, reply) => (isOfPerson(request) ? send(reply, 404) : reply.callNotFound()));
  if (page === null) return;
  await fastify.register(fastifyStatic, {
    ...{ root: `${folder}assets`, prefix: '/assets/', decorateReply: false, index: false },
    ...{ maxAge: YEAR_SECONDS * 1000, immutable: true },
  });
}

/** A browser that goes to a page says so; what fetches a file or asks an API does not. */
const isOfPerson = ({ headers, url }: FastifyRequest): boolean =>
  (headers.accept ?? '').includes('text/html') && !url.startsWith('/assets/');

/**
 * Scripts and styles are files of ours alone, and nothing is fetched from anywhere else. All that stands in the page itself is the map that
 * says which content each file must have; it is allowed by its own hash.
 */
function policyOf(page: string): string {
  const [, map] = /<script type="importmap">([^<]*)<\/script>/.exec(page) ?? [];
  const allowed = map === undefined ? '' : ` 'sha256-${createHash('sha256').update(map).digest('base64')}'`;
  return (
    `default-src 'none'; script-src 'self'${allowed}; style-src 'self'; font-src 'self'; img-src 'self' data:; connect-src 'self'; ` +
    "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
  );
}
