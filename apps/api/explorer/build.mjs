// Bundles GraphiQL with its editor and workers into dist/, so that /graphql needs nothing from another host.
// Does nothing where the bundle is newer than everything that it is made from.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = fileURLToPath(new URL('.', import.meta.url));
const outdir = join(here, 'dist');
const stampFile = join(outdir, 'stamp');
const sources = ['main.mjs', 'tabs.mjs', 'explorer.css', 'build.mjs'];
const packages = ['graphiql', '@graphiql/react', 'monaco-editor', 'monaco-graphql', 'react', 'esbuild'];

function versionOf(name) {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const manifest = folders
    .map((folder) => join(folder, name, 'package.json'))
    .find((path) => existsSync(path));
  if (manifest === undefined) throw new Error(`The explorer needs the package ${name}; run npm ci`);
  return `${name}@${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
}

function currentStamp() {
  const hash = createHash('sha256');
  for (const source of sources) hash.update(readFileSync(join(here, source)));
  for (const name of packages) hash.update(versionOf(name));
  return hash.digest('hex');
}

/** @returns {Promise<'built' | 'fresh'>} */
export async function buildExplorer() {
  const stamp = currentStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 'fresh';
  rmSync(stampFile, { force: true }); // from here on it is not whole
  const { build } = await import('esbuild');
  rmSync(outdir, { recursive: true, force: true });
  mkdirSync(outdir, { recursive: true });
  const shared = {
    bundle: true,
    minify: true,
    outdir,
    format: 'iife',
    target: 'es2022',
    logLevel: 'error',
    define: { 'process.env.NODE_ENV': '"production"' },
    loader: { '.ttf': 'file', '.woff': 'file', '.woff2': 'file' },
  };
  await build({ ...shared, entryPoints: { explorer: join(here, 'main.mjs') } });
  await build({
    ...shared,
    entryPoints: {
      'editor.worker': 'monaco-editor/esm/vs/editor/editor.worker.js',
      'json.worker': 'monaco-editor/esm/vs/language/json/json.worker.js',
      'graphql.worker': 'monaco-graphql/esm/graphql.worker.js',
    },
    absWorkingDir: here,
  });
  writeFileSync(stampFile, stamp);
  return 'built';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outcome = await buildExplorer();
  console.log(outcome === 'built' ? 'explorer bundled' : 'explorer is fresh');
}
