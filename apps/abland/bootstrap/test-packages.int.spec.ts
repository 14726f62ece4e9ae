import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from '@jest/globals';

const { PACKAGES } = (await import(new URL('test-packages.mjs', import.meta.url).href)) as {
  PACKAGES: readonly string[];
};

/** What each exports where nothing is bundled: as a program of Node has it. */
function exportedByPackages(): Record<string, string[]> {
  const script = `const names = ${JSON.stringify(PACKAGES)};
    const all = await Promise.all(names.map(async (name) => [name, Object.keys(await import(name))]));
    process.stdout.write(JSON.stringify(Object.fromEntries(all)));`;
  const cwd = fileURLToPath(new URL('../../../', import.meta.url));
  const output = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
    cwd,
    encoding: 'utf8',
  });
  return JSON.parse(output) as Record<string, string[]>;
}

it('gives tests all that each package exports', async () => {
  for (const [name, exported] of Object.entries(exportedByPackages())) {
    const bundled = (await import(name)) as Record<string, unknown>;
    const missing = exported.filter((one) => one !== 'module.exports' && !Object.hasOwn(bundled, one));
    expect({ name, missing }).toEqual({ name, missing: [] });
  }
});

it('has one instance of what several packages share', async () => {
  const { ApolloServer } = await import('@apollo/server');
  const { GraphQLSchema, GraphQLObjectType, GraphQLInt } = await import('graphql');
  const query = new GraphQLObjectType({ name: 'Query', fields: { one: { type: GraphQLInt } } });
  const server = new ApolloServer({ schema: new GraphQLSchema({ query }) });
  const { body } = await server.executeOperation({ query: '{ one }' }, { contextValue: {} });
  await server.stop();
  expect(body).toMatchObject({ kind: 'single', singleResult: { data: { one: null } } });
});
