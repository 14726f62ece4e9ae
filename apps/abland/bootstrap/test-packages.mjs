// Bundles the packages that most tests load, once for what is installed: a test of the API loads 60 files of them instead of 3,000.
// Each file of tests loads all that it imports anew, and finding and compiling it was most of what it took.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { forNode, NOT_BUNDLED, ofPackages, withQuickNames } from './bundling.mjs';
import { madeOnce } from './made-once.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const installed = join(root, 'node_modules');
const cache = join(installed, '.cache', 'abland-test-packages');

/**
 * What the API is served by: one file, as it is one in a program. Where a part of it was shared between several files, esbuild would order
 * that part anew, and what `@nestjs/graphql` has in a circle would not be there yet when it is asked for.
 */
const SERVING = [
  '@apollo/server',
  '@apollo/server/errors',
  '@fastify/cors',
  '@fastify/proxy-addr',
  '@fastify/static',
  '@nestjs/common',
  '@nestjs/core',
  '@nestjs/cqrs',
  '@nestjs/graphql',
  '@nestjs/apollo',
  '@nestjs/platform-fastify',
  'fastify',
  'graphql',
  'graphql-ws',
  'graphql-ws/use/ws',
  'reflect-metadata',
];

/** Each in a file of its own. */
const OTHERS = [
  '@ethereumjs/mpt',
  '@ethereumjs/rlp',
  '@noble/curves/ed25519',
  '@noble/curves/secp256k1',
  '@noble/hashes/sha256',
  '@noble/hashes/sha3',
  'dataloader',
  'ethers',
  'jose',
  'kysely',
  'pg',
  'pg-copy-streams',
  'prom-client',
  'rate-limiter-flexible',
  'siwe',
  'ws',
  'zod',
];

/** All that are bundled, by the names by which they are imported. */
export const PACKAGES = [...SERVING, ...OTHERS];

/** Of all that a bundle is made of: none is taken for that of other packages, another Node or another way of bundling. */
async function keyOfBundle() {
  const madeOf = [
    join(installed, '.package-lock.json'),
    fileURLToPath(import.meta.url),
    fileURLToPath(new URL('bundling.mjs', import.meta.url)),
  ];
  const hash = createHash('sha256').update(process.version);
  for (const file of madeOf) hash.update(await readFile(file));
  return hash.digest('hex').slice(0, 16);
}

const fileOf = (name) => `${name.replaceAll(/[@/]/g, '-')}.mjs`;
const isIdentifier = (name) => /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name);

/** A module of CommonJS is what it exports, whose names are known only once it has run. */
async function exportsOf(name) {
  const module = await import(name);
  const isCommonJs = Object.hasOwn(module, 'module.exports');
  const names = [...Object.keys(module), ...(isCommonJs ? Object.keys(Object(module.default)) : [])];
  return { name, isCommonJs, names: [...new Set(names)].filter(isIdentifier) };
}

const importAs = (local, { name, isCommonJs }) =>
  `import ${isCommonJs ? local : `* as ${local}`} from ${JSON.stringify(name)};\n`;

/** Exports of `local` what the package exports. */
function exportAll(local, { isCommonJs, names }) {
  const others = names.filter((name) => name !== 'default');
  const lines = others.map((name, at) => `const _${at} = ${local}[${JSON.stringify(name)}];`);
  if (isCommonJs) lines.push(`export default ${local};`);
  else if (others.length < names.length) lines.push(`export default ${local}.default;`);
  return `${lines.join('\n')}\nexport { ${others.map((name, at) => `_${at} as ${name}`).join(', ')} };\n`;
}

const SERVING_FILE = 'serving.mjs';
const RESOLVER_FILE = 'resolver.cjs';

/** Its place below `node_modules`: what is bundled is resolved from there. */
function placeOf(name) {
  const place = relative(realpathSync(installed), realpathSync(fileURLToPath(import.meta.resolve(name))));
  if (place.startsWith('..')) throw new Error(`${name} is here in a version of its own`);
  return place;
}

/**
 * Gives a bundle to whoever imports the very file that it was made of: another version that a package of ours or of others has of its own
 * stays what it is, and so does what is required.
 */
function resolverSource() {
  const bundles = PACKAGES.map((name) => [placeOf(name), fileOf(name)]);
  return `const { realpathSync } = require('node:fs');
const { join } = require('node:path');
const installed = realpathSync(join(__dirname, '..', '..', '..'));
const bundles = new Map(${JSON.stringify(bundles)}.map(([place, bundle]) => [join(installed, place), join(__dirname, bundle)]));
module.exports = (request, options) => {
  const file = options.defaultResolver(request, options);
  return options.conditions?.includes('import') ? (bundles.get(file) ?? file) : file;
};
`;
}

/** For `siwe`, which requires all of ethers: it gets the same. */
const requiredEthers = {
  name: 'required-ethers',
  setup({ onResolve }) {
    onResolve({ filter: /^ethers$/ }, ({ kind }) =>
      kind === 'require-call' ? { path: `./${fileOf('ethers')}`, external: true } : null,
    );
  },
};

/** By the file's name: what is bundled. */
async function entries() {
  const serving = await Promise.all(SERVING.map(exportsOf));
  const others = await Promise.all(OTHERS.map(exportsOf));
  return {
    serving,
    sources: {
      [SERVING_FILE]: serving.map((one, at) => `${importAs(`_${at}`, one)}export { _${at} };\n`).join(''),
      ...Object.fromEntries(
        others.map((one) => [fileOf(one.name), importAs('all', one) + exportAll('all', one)]),
      ),
    },
  };
}

async function bundle(folder) {
  const { serving, sources } = await entries();
  const unbundled = join(folder, 'entries');
  await mkdir(unbundled, { recursive: true });
  for (const [name, source] of Object.entries(sources)) await writeFile(join(unbundled, name), source);
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    ...forNode,
    entryPoints: Object.keys(sources).map((name) => join(unbundled, name)),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    write: false,
    external: NOT_BUNDLED,
    plugins: [requiredEthers, ...ofPackages],
  });
  for (const { path, contents } of withQuickNames(outputFiles)) await writeFile(path, contents);
  for (const [at, one] of serving.entries()) {
    const source = `import { _${at} as all } from './${SERVING_FILE}';\n${exportAll('all', one)}`;
    await writeFile(join(folder, fileOf(one.name)), source);
  }
  await writeFile(join(folder, RESOLVER_FILE), resolverSource());
}

/** Jest's `resolver`. Bundles the packages where that was not done yet. */
export async function resolverToBundles() {
  const folder = join(cache, await keyOfBundle());
  await madeOnce(folder, bundle);
  return join(folder, RESOLVER_FILE);
}
