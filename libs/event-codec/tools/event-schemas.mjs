// The JSON Schemas of all events: node libs/event-codec/tools/event-schemas.mjs generate | check | release
//   generate  writes schemas/events/<Type>.v<N>.json from the TypeScript catalogue, and the compiled validators
//   check     writes nothing; fails where a file is stale or a released shape was changed without a new version
//   release   freezes every shape there is: from now on only a new version may differ
import { join } from 'node:path';
import { deriveSchemas } from './derive-schemas.mjs';
import { freeze, planSchemas } from './frozen-shapes.mjs';
import { readSchemas, readText, writeChanged } from './schema-files.mjs';
import { compileValidators } from './compile-validators.mjs';

const root = join(import.meta.dirname, '../../..');
const folder = join(root, 'schemas/events');
const lockFile = join(folder, 'released.json');
const validatorsFile = join(root, 'libs/event-codec/src/schemas/event-validators.gen.ts');

const command = process.argv[2] ?? '';
const print = (line) => process.stdout.write(`${line}\n`);

/** What the files should hold, and what stands in the way. */
async function plan() {
  const released = JSON.parse((await readText(lockFile)) ?? '{}');
  const { schemas, problems } = planSchemas(deriveSchemas(root), await readSchemas(folder), released);
  const files = new Map(
    [...schemas].map(([name, schema]) => [
      join(folder, `${name}.json`),
      `${JSON.stringify(schema, null, 2)}\n`,
    ]),
  );
  if (problems.length === 0) files.set(validatorsFile, compileValidators(schemas));
  return { files, problems, schemas, released };
}

async function stale(files) {
  const found = [];
  for (const [path, text] of files) {
    if ((await readText(path)) !== text)
      found.push(`${path.slice(root.length + 1)} is stale: generate it again`);
  }
  return found;
}

const { files, problems, schemas, released } = await plan();
switch (command) {
  case 'check':
    problems.push(...(await stale(files)));
    break;
  case 'generate':
    if (problems.length === 0) print(`${await writeChanged(files)} files written`);
    break;
  case 'release':
    problems.push(...(await stale(files)));
    if (problems.length === 0) {
      await writeChanged(new Map([[lockFile, `${JSON.stringify(freeze(schemas, released), null, 2)}\n`]]));
    }
    break;
  default:
    problems.push('Usage: event-schemas.mjs generate | check | release');
}
for (const problem of problems) print(problem);
const frozen = Object.keys(command === 'release' ? freeze(schemas, released) : released).length;
print(`event schemas: ${schemas.size} shapes, ${frozen} released, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
