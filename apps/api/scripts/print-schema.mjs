// Writes schemas/graphql/schema.graphql from the built code; with --check fails where the file is stale.
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

const file = fileURLToPath(new URL('../../../schemas/graphql/schema.graphql', import.meta.url));
const { printApiSchema } = await import('../dist/server/print-schema.js');
const printed = await printApiSchema();

if (process.argv.includes('--check')) {
  const committed = await readFile(file, 'utf8').catch(() => '');
  if (committed !== printed) {
    process.stderr.write(
      'schemas/graphql/schema.graphql is stale: run node apps/api/scripts/print-schema.mjs\n',
    );
    process.exitCode = 1;
  }
} else {
  await writeFile(file, printed);
}
