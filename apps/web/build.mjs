// Builds the web app into dist/, with hashed names, so that the API serves it and nothing comes from another host.
// Does nothing where dist/ was built of the same sources by the same packages.
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
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

const sources = () =>
  readdirSync(join(here, 'src'), { recursive: true, withFileTypes: true })
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
  for (const name of Object.keys(dependencies)) hash.update(versionOf(name));
  return hash.digest('hex');
}

/** The page's own scripts and styles are taken only as they were built. */
const withIntegrity = {
  name: 'integrity',
  enforce: 'post',
  writeBundle(_options, bundle) {
    const file = join(outDir, 'index.html');
    const html = readFileSync(file, 'utf8').replace(
      /<(script|link)((?:(?!integrity)[^>])*?(?:src|href)="\/(assets\/[^"]+\.(?:js|css))"[^>]*)>/g,
      (whole, tag, attributes, name) => {
        if (bundle[name] === undefined) return whole;
        const digest = createHash('sha384')
          .update(readFileSync(join(outDir, name)))
          .digest('base64');
        return `<${tag}${attributes} integrity="sha384-${digest}">`;
      },
    );
    writeFileSync(file, html);
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
    plugins: [withIntegrity],
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
