import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Made by `npm run build` (apps/web/build.mjs), the same place from src/ and from dist/. */
const folder = fileURLToPath(new URL('../../../web/dist/', import.meta.url));
const YEAR_SECONDS = 365 * 24 * 60 * 60;

/** Pages of the web app: each of them is the app itself, which shows what its path says. */
const PAGES = ['/ops', '/ops/*'];

/** Scripts and styles are files of ours alone: nothing in the page itself is run, and nothing is fetched from anywhere else. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
  "manifest-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const unbuilt = `<!doctype html><title>AB.LAND</title>
<p>The web app is not built: run <code>npm run build</code>. The API itself answers POST /graphql.</p>
`;

/** Serves the web app: its page fresh each time, its files, whose names tell their content, for good. */
export async function serveWebApp(fastify: FastifyInstance): Promise<void> {
  const page = existsSync(`${folder}index.html`) ? readFileSync(`${folder}index.html`, 'utf8') : null;
  for (const path of PAGES) fastify.get(path, (_request, reply) => answer(reply, page));
  if (page === null) return;
  await fastify.register(fastifyStatic, {
    ...{ root: `${folder}assets`, prefix: '/assets/', decorateReply: false, index: false },
    ...{ maxAge: YEAR_SECONDS * 1000, immutable: true },
  });
}

const answer = (reply: FastifyReply, page: string | null): FastifyReply =>
  reply
    .code(page === null ? 503 : 200)
    .header('content-security-policy', POLICY)
    .header('cache-control', 'no-cache')
    .type('text/html; charset=utf-8')
    .send(page ?? unbuilt);
