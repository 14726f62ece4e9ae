// Bundles the libraries of this repository for the tests of those that stand above them: a test of the API loads 30 files of them instead of 800.
import { createHash, randomUUID } from 'node:crypto';
import { existsSync, realpathSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { forNode, withQuickNames } from './bundling.mjs';
import { compile } from './compile.mjs';

const root = realpathSync(fileURLToPath(new URL('../../../', import.meta.url)));
const BUNDLES = join('node_modules', '.cache', 'abland-tests');

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
async function bundled({ folder, entries }) {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    ...forNode,
    entryPoints: entries.map(({ built }) => built),
    outbase: join(folder, 'dist'),
    outdir: join(folder, BUNDLES),
    outExtension: { '.js': '.mjs' },
    entryNames: '[dir]/[name]',
    write: false,
    packages: 'external',
    conditions: ['@abland/source'],
    plugins: [placesKept],
  });
  return outputFiles;
}

const DAY_MS = 24 * 60 * 60 * 1_000;

/** What was made of another state of the library: not what a Jest that runs beside this one still loads. */
async function removeOld(folder, own) {
  for (const other of await readdir(folder).catch(() => [])) {
    const path = join(folder, other);
    const madeAt = await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Infinity, // it is gone already
    );
    if (other !== own && Date.now() - madeAt > DAY_MS) await rm(path, { recursive: true, force: true });
  }
}

/** In place as a whole, or not at all, in a folder named by what it is; returns it. */
async function keep({ folder }, files) {
  const hash = createHash('sha256');
  for (const { path, contents } of files) hash.update(path).update(contents);
  const name = hash.digest('hex').slice(0, 16);
  const place = join(folder, BUNDLES, name);
  if (!existsSync(place)) {
    const partial = `${place}.${randomUUID()}`;
    for (const { path, contents } of files) {
      const file = join(partial, relative(join(folder, BUNDLES), path));
      await mkdir(dirname(file), { recursive: true });
      await writeFile(file, contents);
    }
    // Whoever comes second has made the same.
    await rename(partial, place).catch((error) => {
      if (!existsSync(place)) throw error;
    });
  }
  await removeOld(dirname(place), name);
  return place;
}

/** By the source that each is imported by: its bundle. */
async function bundleOf(library) {
  const place = await keep(library, withQuickNames(await bundled(library)));
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
  const bundles = [];
  for (const library of await libraries()) bundles.push(...(await bundleOf(library)));
  const source = resolverSource(packages, bundles);
  const file = join(root, BUNDLES, `${createHash('sha256').update(source).digest('hex').slice(0, 16)}.cjs`);
  const partial = `${file}.${randomUUID()}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(partial, source);
  await rename(partial, file);
  await removeOld(dirname(file), basename(file));
  // What V8 compiled of sources: jest-environment.mjs.
  await removeOld(join(root, 'node_modules', '.cache', 'abland-compiled', process.version), null);
  return file;
}
