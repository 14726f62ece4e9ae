import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { UnknownEventStoreError } from '@abland/event-store';
import { AblandError } from '@abland/kernel';
import { DatabaseUnavailableError } from '@abland/postgres';
import { expect, it } from '@jest/globals';

const { ABOVE } = (await import(new URL('test-libraries.mjs', import.meta.url).href)) as {
  ABOVE: readonly string[];
};
const libs = fileURLToPath(new URL('../../../libs', import.meta.url));

/** The libraries that one of them imports anywhere, its tests included. */
async function importedBy(library: string): Promise<ReadonlySet<string>> {
  const entries = await readdir(join(libs, library, 'src'), { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.ts'));
  const sources = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  );
  const found = sources.flatMap((source) => [...source.matchAll(/(?:from|import\() ?'@abland\/([^'/]+)/g)]);
  return new Set(found.map(([, name = '']) => name));
}

it('gives bundles to none whose tests load a source of the same library', async () => {
  const above = ABOVE.filter((folder) => folder.startsWith('libs/')).map((folder) => folder.slice(5));
  const below = (await readdir(libs)).filter((library) => !above.includes(library));
  expect(below).toContain('testing');
  // Whoever is below loads the sources of all that it imports: one that takes bundles of the same would bring them a second time.
  for (const library of below) {
    const imported = [...(await importedBy(library))].filter((name) => above.includes(name));
    expect({ library, imported }).toEqual({ library, imported: [] });
  }
});

it('has one instance of what several libraries share', () => {
  const failures = [DatabaseUnavailableError, UnknownEventStoreError];
  expect(failures.map(({ prototype }) => prototype instanceof AblandError)).toEqual([true, true]);
});
