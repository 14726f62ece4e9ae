// The licences of the packages in an image, each text once, as their terms ask of whoever passes them on.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

const IS_LICENCE = /^(?:licen[cs]e|copying|notice)(?:[.-].*)?$/i;

async function textsOf(folder) {
  const names = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isFile() && IS_LICENCE.test(entry.name))
    .map(({ name }) => name)
    .sort();
  return Promise.all(names.map(async (name) => (await readFile(join(folder, name), 'utf8')).trim()));
}

const nameOf = ({ license, licenses }) =>
  typeof license === 'string'
    ? license
    : (license?.type ?? licenses?.map(({ type }) => type).join(' OR ') ?? 'not told');

/** @param paths of packages below the root */
export async function licenceTexts(root, paths) {
  const listed = [];
  const byText = new Map();
  for (const path of paths) {
    const manifest = JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8'));
    const title = `${manifest.name} ${manifest.version}`;
    listed.push(`${title}: ${nameOf(manifest)}`);
    for (const text of await textsOf(join(root, path)))
      byText.set(text, [...(byText.get(text) ?? []), title]);
  }
  const rule = '-'.repeat(80);
  const texts = [...byText].map(
    ([text, titles]) => `${rule}\n${[...new Set(titles)].join('\n')}\n${rule}\n${text}`,
  );
  return `${[...new Set(listed)].join('\n')}\n\n${texts.join('\n\n')}\n`;
}
