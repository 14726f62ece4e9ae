// Compiles what changed of every package; then bundles the explorer, the web app and the programs, these into the dist of the root.
import { fileURLToPath } from 'node:url';
import { buildExplorer } from '../../api/explorer/build.mjs';
import { buildWeb } from '../../web/build.mjs';
import { bundlePrograms } from './bundle.mjs';
import { compile } from './compile.mjs';

/** Returns how many files were compiled. */
export async function build() {
  const { count, newest } = await compile();
  await buildExplorer();
  // After all that prints the schema by which its types are generated.
  await buildWeb();
  await bundlePrograms(newest);
  return count;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const count = await build();
  if (count > 0) process.stdout.write(`built ${count} files\n`);
}
