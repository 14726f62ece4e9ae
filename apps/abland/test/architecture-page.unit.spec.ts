import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..');
const page = readFileSync(join(root, 'docs', 'architecture.md'), 'utf8');

/** Paths in the page's text, those with braces written out. */
const paths = [...page.matchAll(/`((?:apps|libs|contracts|schemas|docs)\/[\w./{},-]+)`/g)].map(
  ([, path]) => path as string,
);
/** What the page names beside a file: `path` (`name`). */
const names = [...page.matchAll(/`((?:apps|libs)\/[\w./-]+\.ts)` \(`(\w+)`\)/g)].map(([, path, name]) => ({
  path: path as string,
  name: name as string,
}));
const found = (path: string): string[] => globSync(path, { cwd: root });
const choices = (path: string): number => /\{([^}]*)\}/.exec(path)?.[1]?.split(',').length ?? 1;

describe('the page that draws the architecture', () => {
  it('names files and folders that exist', () => {
    expect(paths.length).toBeGreaterThan(25);
    expect(paths.filter((path) => found(path).length < choices(path))).toEqual([]);
  });

  it('names, beside a file, what is declared in it', () => {
    expect(names.length).toBeGreaterThan(5);
    const absent = names.filter(({ path, name }) => {
      const text = existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : '';
      return !new RegExp(
        `(?:function\\*?|const|class)\\s+${name}\\b|^  (?:async |private |public )*${name}\\(`,
        'm',
      ).test(text);
    });
    expect(absent).toEqual([]);
  });

  it('draws every package and no other', () => {
    const drawn = [...page.matchAll(/^ {2}([a-z-]+)\/ {2,}/gm)].map(([, name]) => name);
    const packages = ['apps', 'libs'].flatMap((group) =>
      globSync('*', { cwd: join(root, group) }).filter((name) =>
        statSync(join(root, group, name)).isDirectory(),
      ),
    );
    expect(drawn.sort()).toEqual(packages.sort());
  });

  it('draws all folders of a package of which it draws any', () => {
    const lines = [...page.matchAll(/^ {2}([a-z-]+)\/ {2,}(.*)$/gm)];
    const left = lines.flatMap(([, name, text = '']) => {
      if (text.includes('a folder per')) return [];
      const folders = foldersOf(name as string).filter((folder) => !OF_EVERY_PACKAGE.has(folder));
      const drawn = new Set([...text.matchAll(/([a-z-]+)\//g)].map(([, folder]) => folder));
      if (!folders.some((folder) => drawn.has(folder))) return [];
      return folders.filter((folder) => !drawn.has(folder)).map((folder) => `${name}: ${folder}`);
    });
    expect(left).toEqual([]);
  });
});

/** They mean the same wherever they are. */
const OF_EVERY_PACKAGE = new Set(['migrations', 'testing']);
const foldersOf = (name: string): readonly string[] =>
  globSync(`{apps,libs}/${name}/src/*/`, { cwd: root }).map((path) => basename(path));

describe('the decisions', () => {
  const files = globSync('docs/decisions/*.md', { cwd: root });

  it('each have a number of their own, which their heading says too', () => {
    const numbers = files.map((file) => /(\d{4})-[^/]+\.md$/.exec(file)?.[1]);
    expect(new Set(numbers).size).toBe(files.length);
    const headed = files.map((file) =>
      /^# (\d+)\. /.exec(readFileSync(join(root, file), 'utf8'))?.[1]?.padStart(4, '0'),
    );
    expect(headed).toEqual(numbers);
  });
});
