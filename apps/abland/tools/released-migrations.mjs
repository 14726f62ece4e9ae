// The migrations that databases may have: node apps/abland/tools/released-migrations.mjs check | release
//   check     writes nothing; fails where a released migration is gone, was changed, or a new one comes before it
//   release   locks every migration there is: from now on only new ones may be added
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from '../bootstrap/build.mjs';

const lockFile = join(import.meta.dirname, '../../../schemas/migrations/released.json');
const print = (line) => process.stdout.write(`${line}\n`);

await build();
const { migrationHashes } = await import('../dist/migrations/all-migrations.js');
const { problemsOfMigrations, releaseMigrations } = await import('../dist/migrations/released-migrations.js');

const command = process.argv[2] ?? '';
let released = JSON.parse(await readFile(lockFile, 'utf8'));
const current = migrationHashes();
const problems = [...problemsOfMigrations(released, current)];
if (command === 'release' && problems.length === 0) {
  released = releaseMigrations(released, current);
  await writeFile(lockFile, `${JSON.stringify(released, null, 2)}\n`);
} else if (command !== 'check' && command !== 'release') {
  problems.push('Usage: released-migrations.mjs check | release');
}
for (const problem of problems) print(problem);
const [all, locked] = [current, released].map((hashes) => Object.keys(hashes).length);
print(`migrations: ${all}, ${locked} released, ${problems.length} problems`);
process.exitCode = problems.length === 0 ? 0 : 1;
