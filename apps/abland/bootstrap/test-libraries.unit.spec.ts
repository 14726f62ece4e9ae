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
const all = await readdir(libs);

/** The libraries that one of them imports, in its sources alone or in its tests too. */
async function importedBy(library: string, tests: boolean): Promise<readonly string[]> {
  const entries = await readdir(join(libs, library, 'src'), { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && entry.name.endsWith('.ts') && (tests || !entry.name.endsWith('.spec.ts')),
  );
  const sources = await Promise.all(
    files.map(({ parentPath, name }) => readFile(join(parentPath, name), 'utf8')),
  );
  const found = sources.flatMap((source) => [...source.matchAll(/(?:from|import\() ?'@abland\/([^'/]+)/g)]);
  return [...new Set(found.map(([, name = '']) => name))].filter((name) => all.includes(name));
}

/** All that is loaded where some are. */
async function loadedWith(some: readonly string[]): Promise<ReadonlySet<string>> {
  const loaded = new Set<string>();
  for (const waiting = [...some]; waiting.length > 0;) {
    const next = waiting.pop() ?? '';
    if (loaded.has(next)) continue;
    loaded.add(next);
    waiting.push(...(await importedBy(next, false)));
  }
  return loaded;
}

it('gives bundles to none whose tests load a source of the same library', async () => {
  const above = ABOVE.filter((folder) => folder.startsWith('libs/')).map((folder) => folder.slice(5));
  expect(all).toEqual(expect.arrayContaining(['testing', ...above]));
  for (const library of all) {
    const imported = await importedBy(library, true);
    const others = imported.filter((name) => name !== library);
    // Of one that is above: nothing that its tests load brings it, as a bundle, beside its sources.
    if (above.includes(library))
      expect({ library, twice: (await loadedWith(others)).has(library) }).toEqual({ library, twice: false });
    // Of one that is below: all is sources, also what those import, so none of them is one that takes bundles.
    else
      expect({ library, above: imported.filter((name) => above.includes(name)) }).toEqual({
        library,
        above: [],
      });
  }
});

it('has one instance of what several libraries share', () => {
  const failures = [DatabaseUnavailableError, UnknownEventStoreError];
  expect(failures.map(({ prototype }) => prototype instanceof AblandError)).toEqual([true, true]);
});
