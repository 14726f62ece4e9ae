// Lint at the level of folders: in no package do folders import each other in a circle. Tries first that it would see one.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { folderCircles, OWN_FILES } from './folder-circles.mjs';
import { root } from './toolchain.mjs';

/** Circles not yet undone, parts by folder. It only gets shorter: what is no longer in a circle must leave it. */
const KNOWN = {};

const CIRCLES = {
  'two folders': {
    'a/x.ts': "import { y } from '../b/y.js';",
    'b/y.ts': "export * from '../a/z.js';",
    'a/z.ts': '',
  },
  'two folders, by types alone': {
    'a/x.ts': "import type { Y } from '../b/y.js';",
    'b/y.ts': "export type Z = import('../a/z.js').Z;",
    'a/z.ts': '',
  },
  'three folders': {
    'a/x.ts': "import '../b/y.js';",
    'b/y.ts': "import '../c/z.js';",
    'c/z.ts': "import '../a/w.js';",
    'a/w.ts': '',
  },
  'subfolders of two folders': {
    'a/one/x.ts': "import '../../b/one/y.js';",
    'b/one/y.ts': '',
    'b/two/z.ts': "import '../../a/two/w.js';",
    'a/two/w.ts': '',
  },
  "the package's own files": {
    'index.ts': "export * from './a/x.js';",
    'a/x.ts': "import '../errors.js';",
    'errors.ts': '',
  },
  "a folder's own files": { 'a/x.ts': "import './b/y.js';", 'a/b/y.ts': "import '../z.js';", 'a/z.ts': '' },
};
const NO_CIRCLES = {
  'downward only': {
    'index.ts': "import './a/x.js';",
    'a/x.ts': "import '../b/y.js';",
    'b/y.ts': "import './z.js';",
    'b/z.ts': '',
  },
  'back in a specification': {
    'a/x.ts': "import '../b/y.js';",
    'b/y.ts': '',
    'b/y.unit.spec.ts': "import '../a/x.js';",
  },
};

let failures = 0;
const fail = (text) => {
  failures += 1;
  process.stdout.write(`${text}\n`);
};

async function sourcesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (file) => [relative(folder, file).split(sep).join('/'), await readFile(file, 'utf8')]),
    ),
  );
}

async function packages() {
  const groups = await Promise.all(
    ['apps', 'libs'].map(async (group) =>
      (await readdir(join(root, group))).map((name) => `${group}/${name}`),
    ),
  );
  return [...groups.flat(), 'contracts'];
}

function tryProbes() {
  for (const [name, sources] of Object.entries(CIRCLES)) {
    if (folderCircles(new Map(Object.entries(sources))).length !== 1) fail(`a circle is not seen: ${name}`);
  }
  for (const [name, sources] of Object.entries(NO_CIRCLES)) {
    if (folderCircles(new Map(Object.entries(sources))).length !== 0)
      fail(`a circle is seen where there is none: ${name}`);
  }
}

const partName = (part) => (part === OWN_FILES ? 'its own files' : part);

function tell(path, { parts, arrows }) {
  fail(`${path}: these import each other in a circle: ${parts.map(partName).join(', ')}`);
  for (const { from, to, example } of arrows)
    process.stdout.write(`  ${partName(from)} → ${partName(to)}: ${example}\n`);
}

/** What is known is passed over; returns it. */
function judge(path, circle) {
  const known = new Set(KNOWN[path]?.split(' '));
  if (circle.parts.every((part) => known.has(part))) return circle.parts;
  tell(path, circle);
  return [];
}

tryProbes();
const seen = new Map();
let count = 0;
for (const name of await packages()) {
  const sources = await sourcesOf(join(root, name, 'src'));
  count += sources.size;
  for (const circle of folderCircles(sources)) {
    const path = [name, 'src', circle.folder].filter((part) => part !== '').join('/');
    seen.set(path, [...(seen.get(path) ?? []), ...judge(path, circle)]);
  }
}
for (const [path, parts] of Object.entries(KNOWN)) {
  const gone = parts.split(' ').filter((part) => !seen.get(path)?.includes(part));
  if (gone.length > 0)
    fail(`${path}: no longer in a circle, so take off the list of known ones: ${gone.join(' ')}`);
}
const probes = Object.keys(CIRCLES).length + Object.keys(NO_CIRCLES).length;
process.stdout.write(
  `${count} files, ${probes} probes, ${Object.keys(KNOWN).length} known circles, ${failures} findings\n`,
);
process.exitCode = failures === 0 ? 0 : 1;
