// Builds the web app into dist/, with hashed names, so that the API serves it and nothing comes from another host.
// Does nothing where dist/ was built of the same sources by the same packages.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { documentsOfWeb } from './documents.mjs';

const here = fileURLToPath(new URL('.', import.meta.url));
const outDir = join(here, 'dist');
const stampFile = join(outDir, 'stamp');
const { dependencies } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));

function versionOf(name) {
  const folders = createRequire(import.meta.url).resolve.paths(name) ?? [];
  const manifest = folders
    .map((folder) => join(folder, name, 'package.json'))
    .find((path) => existsSync(path));
  if (manifest === undefined) throw new Error(`The web app needs the package ${name}; run npm ci`);
  return `${name}@${JSON.parse(readFileSync(manifest, 'utf8')).version}`;
}

/** Packages of ours that the app takes in. */
const OWN = ['kernel', 'domain', 'audit-verify'].map((name) => join(here, '../../libs', name, 'src'));

const sources = () =>
  [join(here, 'src'), ...OWN]
    .flatMap((folder) => readdirSync(folder, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile() && !entry.name.includes('.spec.'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();

function currentStamp() {
  const hash = createHash('sha256');
  for (const file of [
    ...sources(),
    join(here, 'index.html'),
    join(here, 'build.mjs'),
    join(here, 'documents.mjs'),
  ])
    hash.update(file.slice(here.length)).update(readFileSync(file));
  for (const name of Object.keys(dependencies).filter((one) => !one.startsWith('@abland/')))
    hash.update(versionOf(name));
  return hash.digest('hex');
}

const digestOf = (name) =>
  `sha384-${createHash('sha384')
    .update(readFileSync(join(outDir, name)))
    .digest('base64')}`;

/** All of the app's scripts and styles are taken only as they were built: those of the page by themselves, all others by its import map. */
const withIntegrity = {
  name: 'integrity',
  enforce: 'post',
  writeBundle(_options, bundle) {
    const file = join(outDir, 'index.html');
    const scripts = Object.keys(bundle).filter((name) => name.endsWith('.js'));
    const integrity = Object.fromEntries(scripts.sort().map((name) => [`/${name}`, digestOf(name)]));
    const html = readFileSync(file, 'utf8')
      .replace(
        /<(script|link)((?:(?!integrity)[^>])*?(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"[^>]*)>/g,
        (whole, tag, attributes, name) =>
          bundle[name] === undefined ? whole : `<${tag}${attributes} integrity="${digestOf(name)}">`,
      )
      .replace(
        '</title>',
        `</title>\n    <script type="importmap">${JSON.stringify({ integrity })}</script>`,
      );
    writeFileSync(file, html);
  },
};

/** What a first visit of `/` runs and fetches, and what each chunk has: bytes as a server compresses them. */
const withSizes = {
  name: 'sizes',
  writeBundle(_options, bundle) {
    const bytes = (name) => gzipSync(readFileSync(join(outDir, name))).length;
    const scripts = Object.values(bundle).filter(({ type }) => type === 'chunk');
    const byName = new Map(scripts.map((chunk) => [chunk.fileName, chunk]));
    const needed = (name, found = new Set()) => {
      if (found.has(name)) return found;
      found.add(name);
      for (const imported of byName.get(name)?.imports ?? []) needed(imported, found);
      return found;
    };
    const routes = Object.fromEntries(
      scripts
        .filter(
          ({ facadeModuleId, isEntry, isDynamicEntry }) => facadeModuleId && (isEntry || isDynamicEntry),
        )
        .map(({ facadeModuleId, fileName }) => [facadeModuleId.slice(here.length), [...needed(fileName)]]),
    );
    const chunks = Object.fromEntries([...byName.keys()].map((name) => [name, bytes(name)]));
    writeFileSync(join(outDir, 'sizes.json'), JSON.stringify({ chunks, routes }));
  },
};

/** @returns {Promise<'built' | 'fresh'>} */
export async function buildWeb() {
  const stamp = currentStamp();
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) return 'fresh';
  rmSync(stampFile, { force: true }); // from here on it is not whole
  const { build } = await import('vite');
  await build({
    root: here,
    configFile: false,
    envDir: false,
    logLevel: 'warn',
    mode: 'production',
    plugins: [withIntegrity, withSizes],
    // Rules of ours that the app goes by are taken as they are written.
    resolve: { conditions: ['@abland/source', 'module', 'browser', 'production'] },
    build: {
      outDir,
      emptyOutDir: true,
      target: 'es2023',
      assetsInlineLimit: 0,
      chunkSizeWarningLimit: 700,
      modulePreload: { polyfill: false },
    },
  });
  writeFileSync(join(outDir, 'documents.json'), JSON.stringify(documentsOfWeb()));
  writeFileSync(stampFile, stamp);
  return 'built';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const outcome = await buildWeb();
  process.stdout.write(outcome === 'built' ? 'web app built\n' : 'web app is fresh\n');
}
