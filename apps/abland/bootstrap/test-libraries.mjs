// Bundles the libraries of this repository for the tests of those that stand above them: a test of the API loads 30 files of them instead of 800.
import { createHash } from 'node:crypto';
import { realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { forNode, withQuickNames } from './bundling.mjs';
import { compile } from './compile.mjs';
import { madeOnce, removeOld } from './made-once.mjs';

const root = realpathSync(fileURLToPath(new URL('../../../', import.meta.url)));
const BUNDLES = join('node_modules', '.cache', 'abland-tests');
const RESOLVER_FILE = 'resolver.cjs';

/**
 * Whose tests load bundles: nothing that they load depends on them, so nothing of theirs is there twice, as a source and within a bundle.
 * The others are below what tests are made of (`@abland/testing`), and load sources alone.
 */
export const ABOVE = [
  'apps',
  'libs/audit',
  'libs/log-tools',
  'libs/operations',
  'libs/personal-data',
  'libs/platform',
  'libs/processes',
  'libs/projections',
  'libs/snapshots',
];

async function libraries() {
  const folders = (await readdir(join(root, 'libs'))).map((name) => join(root, 'libs', name));
  return Promise.all(
    [...folders, join(root, 'contracts')].map(async (folder) => {
      const { exports } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
      const entries = Object.values(exports).map((one) => ({
        source: join(folder, one['@abland/source']),
        built: join(folder, one.default),
      }));
      return { folder, entries };
    }),
  );
}

/** What a file says of its own place stays so: what lies beside it is not moved with it. */
const placesKept = {
  name: 'places-kept',
  setup({ onLoad }) {
    onLoad({ filter: /\.js$/ }, async ({ path }) => {
      const contents = await readFile(path, 'utf8');
      if (!contents.includes('import.meta.url')) return null;
      return { contents: contents.replaceAll('import.meta.url', JSON.stringify(pathToFileURL(path).href)) };
    });
  },
};

/** Of one library, from what the build made of it; another library and packages stay what is imported. */
async function bundle({ folder, entries }, into) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    ...forNode,
    entryPoints: entries.map(({ built }) => built),
    outbase: join(folder, 'dist'),
    outdir: into,
    outExtension: { '.js': '.mjs' },
    entryNames: '[dir]/[name]',
    write: false,
    packages: 'external',
    conditions: ['@abland/source'],
    plugins: [placesKept],
  });
  for (const { path, contents } of withQuickNames(outputFiles)) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, contents);
  }
}

/** Of how all libraries are bundled. */
async function keyOfBundling() {
  const hash = createHash('sha256').update(process.version);
  for (const file of [
    'package-lock.json',
    'apps/abland/bootstrap/bundling.mjs',
    relative(root, import.meta.filename),
  ])
    hash.update(await readFile(join(root, file)));
  return hash.digest('hex');
}

/** Of all that a library's bundle is made of. */
async function keyOf({ folder }, keyOfAll) {
  const hash = createHash('sha256').update(keyOfAll);
  const built = join(folder, 'dist');
  for (const name of (await readdir(built, { recursive: true })).toSorted())
    if (/\.(js|json)$/.test(name)) hash.update(name).update(await readFile(join(built, name)));
  return hash.digest('hex').slice(0, 16);
}

/** By the source that each is imported by: its bundle. */
async function bundlesOf(library, keyOfAll) {
  const place = join(library.folder, BUNDLES, await keyOf(library, keyOfAll));
  await madeOnce(place, (folder) => bundle(library, folder));
  const nameOf = (built) => relative(join(library.folder, 'dist'), built).replace(/\.js$/, '.mjs');
  return library.entries.map(({ source, built }) => [source, join(place, nameOf(built))]);
}

/**
 * Jest's `resolver`: that of the packages, but that a library is given as a bundle to whoever stands above it, and to other bundles.
 */
function resolverSource(packages, bundles) {
  return `const resolve = require(${JSON.stringify(packages)});
const bundles = new Map(${JSON.stringify(bundles)});
const above = ${JSON.stringify(ABOVE.map((folder) => join(root, folder) + sep))};
const within = ${JSON.stringify(sep + BUNDLES + sep)};
const takesBundles = (folder) => folder.includes(within) || above.some((one) => (folder + ${JSON.stringify(sep)}).startsWith(one));
module.exports = (request, options) => {
  const file = resolve(request, options);
  return bundles.has(file) && takesBundles(options.basedir) ? bundles.get(file) : file;
};
`;
}

/**
 * Jest's `resolver`, by which the tests of what stands above load libraries as bundles of what was built of them.
 *
 * @param packages the resolver of the packages, which this one asks first
 */
export async function resolverToLibraries(packages) {
  await compile();
  const keyOfAll = await keyOfBundling();
  const bundles = [];
  for (const library of await libraries()) bundles.push(...(await bundlesOf(library, keyOfAll)));
  const source = resolverSource(packages, bundles);
  const folder = join(root, BUNDLES, createHash('sha256').update(source).digest('hex').slice(0, 16));
  await madeOnce(folder, (into) => writeFile(join(into, RESOLVER_FILE), source));
  // What V8 compiled of sources: libs/testing/jest-environment.mjs.
  await removeOld(join(root, 'node_modules', '.cache', 'abland-compiled', process.version), null);
  return join(folder, RESOLVER_FILE);
}
