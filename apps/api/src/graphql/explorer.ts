import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { ApolloServerPlugin } from '@apollo/server';
import { ApolloServerPluginLandingPageDisabled } from '@apollo/server/plugin/disabled';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance } from 'fastify';

/** Made by `npm run build` (explorer/build.mjs), the same place from src/ and from dist/. */
const assets = fileURLToPath(new URL('../../explorer/dist/', import.meta.url));

const PREFIX = '/graphiql/';

const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>AB.LAND GraphQL</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${PREFIX}explorer.css" />
  </head>
  <body>
    <div id="explorer">Loading the explorer…</div>
    <script src="${PREFIX}explorer.js" data-assets="${PREFIX}"></script>
  </body>
</html>
`;

const unbuilt = `<!doctype html><title>AB.LAND GraphQL</title>
<p>The explorer is not bundled: run <code>npm run build</code>. The API itself answers POST /graphql.</p>
`;

/** GET /graphql in a browser: GraphiQL, all of it from this server, or nothing. */
export const landingPage = (isServed: boolean): ApolloServerPlugin =>
  isServed ? explorerPage : ApolloServerPluginLandingPageDisabled();

const explorerPage: ApolloServerPlugin = {
  async serverWillStart() {
    return {
      async renderLandingPage() {
        return { html: async () => (existsSync(`${assets}explorer.js`) ? page : unbuilt) };
      },
    };
  },
};

export async function serveExplorerAssets(fastify: FastifyInstance): Promise<void> {
  if (!existsSync(assets)) return;
  await fastify.register(fastifyStatic, { root: assets, prefix: PREFIX, decorateReply: false, index: false });
}
