// Compiles every package's src to its dist with swc: only what changed, and nothing stale left behind.
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const COPIED = /\.(json|html|css|sql|mjs|cjs)$/;
const SKIPPED = /\.(spec|d)\.ts$/;

/** Made by a bundler of its own. */
const BUNDLED = new Set(['apps/web']);

async function packages() {
  const groups = await Promise.all(
    ['apps', 'libs'].map(async (group) =>
      (await readdir(join(root, group)))
        .filter((name) => !BUNDLED.has(`${group}/${name}`))
        .map((name) => join(root, group, name)),
    ),
  );
  return [...groups.flat(), join(root, 'contracts')];
}

async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

/** Source and destination of everything that the runtime needs of a package. */
async function outputs(folder) {
  const source = join(folder, 'src');
  return (await filesBelow(source))
    .filter((file) => (file.endsWith('.ts') && !SKIPPED.test(file)) || COPIED.test(file))
    .map((file) => ({
      file,
      target: join(folder, 'dist', file.slice(source.length + 1)).replace(/\.ts$/, '.js'),
    }));
}

const modified = async (file) => (await stat(file).catch(() => null))?.mtimeMs ?? 0;

/** When it came to be what it is: a file that is put back from elsewhere keeps the time at which it was written. */
async function changed(file) {
  const { ctimeMs, mtimeMs } = await stat(file);
  return Math.max(ctimeMs, mtimeMs);
}

/** Of all that decides what a source is compiled to. */
const settingsChanged = async () =>
  Math.max(
    ...(await Promise.all(
      [
        join(root, '.swcrc'),
        fileURLToPath(import.meta.url),
        fileURLToPath(import.meta.resolve('@swc/core/package.json')),
      ].map(changed),
    )),
  );

async function isFresh({ file, target }, settingsTime) {
  const built = await modified(target);
  return built > 0 && built >= (await changed(file)) && built >= settingsTime;
}

async function writeWhole(target, content) {
  await mkdir(dirname(target), { recursive: true });
  const partial = `${target}.${process.pid}.tmp`;
  await writeFile(partial, content);
  await rename(partial, target);
}

async function emit(transformFile, { file, target }) {
  if (!file.endsWith('.ts')) return writeWhole(target, await readFile(file));
  const { code, map } = await transformFile(file, {
    configFile: join(root, '.swcrc'),
    sourceFileName: pathToFileURL(file).href,
  });
  const name = target.slice(target.lastIndexOf('/') + 1);
  await writeWhole(`${target}.map`, map ?? '');
  await writeWhole(target, `${code}\n//# sourceMappingURL=${name}.map\n`);
}

async function removeStale(folder, wanted) {
  for (const file of await filesBelow(join(folder, 'dist'))) {
    if (!wanted.has(file.replace(/\.map$/, '')) && !file.endsWith('.tmp')) await rm(file, { force: true });
  }
}

/** Returns how many files were compiled, and when the newest of all was, as ms of the epoch. */
export async function compile() {
  const settingsTime = await settingsChanged();
  const stale = [];
  const targets = [];
  for (const folder of await packages()) {
    const all = await outputs(folder);
    targets.push(...all.map(({ target }) => target));
    await removeStale(folder, new Set(all.map(({ target }) => target)));
    for (const output of all) if (!(await isFresh(output, settingsTime))) stale.push(output);
  }
  const { transformFile } = stale.length === 0 ? {} : await import('@swc/core');
  for (const output of stale) await emit(transformFile, output);
  return { count: stale.length, newest: Math.max(...(await Promise.all(targets.map(modified)))) };
}
