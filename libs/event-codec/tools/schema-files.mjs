import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** The text of a file; null where there is none. */
export async function readText(path) {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error.code === 'ENOENT') return null;
    throw error;
  }
}

/**
 * The schemas of a folder by `<Type>.v<N>`.
 * @returns {Promise<Map<string, object>>}
 */
export async function readSchemas(folder) {
  const names = (await readdir(folder)).filter((name) => /^[A-Za-z]+\.v[1-9][0-9]*\.json$/.test(name)).sort();
  const schemas = new Map();
  for (const name of names) {
    schemas.set(name.slice(0, -'.json'.length), JSON.parse(await readFile(join(folder, name), 'utf8')));
  }
  return schemas;
}

/** Writes the files whose text differs; returns how many. */
export async function writeChanged(files) {
  let written = 0;
  for (const [path, text] of files) {
    if ((await readText(path)) === text) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    written += 1;
  }
  return written;
}
