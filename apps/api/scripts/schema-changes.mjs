// Holds the printed schema against the released one: node apps/api/scripts/schema-changes.mjs check | release
//   check    fails where a document of a client that was right by the released schema might not be any more
//   release  makes the printed schema the released one; what was deprecated for long enough may be left out before
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brokenBy } from './broken-promises.mjs';

const folder = join(import.meta.dirname, '../../../schemas/graphql');
const released = join(folder, 'released.graphql');
const printed = readFileSync(join(folder, 'schema.graphql'), 'utf8');

switch (process.argv[2]) {
  case 'check': {
    const broken = brokenBy(readFileSync(released, 'utf8'), printed);
    for (const { description, type } of broken) process.stdout.write(`${type}: ${description}\n`);
    process.exitCode = broken.length === 0 ? 0 : 1;
    break;
  }
  case 'release':
    writeFileSync(
      released,
      printed.replace(
        /^#.*\n/,
        '# The schema as it was last released: a promise, which `schema-changes.mjs release` renews. Do not edit.\n',
      ),
    );
    break;
  default:
    process.stderr.write('Usage: schema-changes.mjs check | release\n');
    process.exitCode = 1;
}
