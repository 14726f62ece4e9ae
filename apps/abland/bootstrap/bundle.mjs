// Bundles each program of what swc compiled: a start loads a few files instead of two thousand, which took most of its time.
import { mkdir, readFile, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { partsOfPrograms } from './bundled-parts.mjs';
import { forNode, NOT_BUNDLED, ofPackages, withQuickNames } from './bundling.mjs';

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

async function bundle() {
  const { build } = await import('esbuild');
  const { metafile, outputFiles } = await build({
    entryPoints: PROGRAMS,
    outdir: folder,
    write: false,
    ...forNode,
    sourcemap: true,
    sourcesContent: false,
    metafile: true,
    absWorkingDir: root,
    external: NOT_BUNDLED,
    plugins: [inItsPlace, ...ofPackages],
  });
  const parts = JSON.stringify(partsOfPrograms(metafile, Object.keys(PROGRAMS)), null, 1);
  return [{ path: join(folder, PARTS), contents: `${parts}\n` }, ...withQuickNames(outputFiles)];
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
 * Does nothing where all bundles are newer than what they are made of: the compiled files, the packages, and how they are bundled.
 * @param {number} newest when the last of the compiled files was written, as mtimeMs
 */
export async function bundlePrograms(newest) {
  const how = ['bundle.mjs', 'bundling.mjs'].map((name) => fileURLToPath(new URL(name, import.meta.url)));
  const madeOf = [...how, join(root, 'node_modules', '.package-lock.json')];
  const since = Math.max(newest, ...(await Promise.all(madeOf.map(modified))));
  const bundles = [PARTS, ...Object.keys(PROGRAMS).map((name) => `${name}.js`)].map((name) =>
    join(folder, name),
  );
  if (Math.min(...(await Promise.all(bundles.map(modified)))) > since) return;
  await writeAll(await bundle());
}
