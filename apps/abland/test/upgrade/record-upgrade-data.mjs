// Records what an upgrade is tried with: node apps/abland/test/upgrade/record-upgrade-data.mjs <name>
// Starts the whole system on a folder of its own, tells a story with it that leaves something of nearly everything in log and tables,
// stops it, and writes released/<name>/: manifest.json (migrations, versions, checksums, answers of the API) and data.sql.gz (every row).
// Once a release; what was recorded is never changed.
import { mkdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { build } from '../../bootstrap/build.mjs';

const BYTES_MAX = 300_000;
const here = dirname(fileURLToPath(import.meta.url));
const say = (line) => process.stdout.write(`${line}\n`);

const [name = ''] = process.argv.slice(2);
if (!/^\d{4}-[a-z0-9-]+$/.test(name)) {
  say('Usage: record-upgrade-data.mjs <name>, with a name as 0001-first-release');
  process.exit(2);
}
const folder = join(here, 'released', name);
if (await stat(folder).catch(() => null)) {
  say(`${name} is there already: what was recorded is never changed, choose another name`);
  process.exit(2);
}
await build();
const { RecordedSystem } = await import('./record/recorded-system.mjs');
const { tellStory } = await import('./record/story.mjs');
const { dumpDatabase } = await import('./record/dump.mjs');
const { describeSystem } = await import('./record/manifest.mjs');

const system = await RecordedSystem.create();
try {
  await system.start();
  const told = await tellStory(system, say);
  await system.stop();
  say('stopped; writing it down');
  const described = await describeSystem(system, told);
  const sql = await system.withDatabase((client) => dumpDatabase(client));
  const data = gzipSync(sql, { level: 9 });
  if (data.length > BYTES_MAX) throw new Error(`${data.length} bytes are more than ${BYTES_MAX}`);
  await mkdir(folder, { recursive: true });
  const { version } = JSON.parse(await readFile(join(here, '../../../../package.json'), 'utf8'));
  const manifest = `${JSON.stringify({ version, ...described }, null, 2)}\n`;
  await writeFile(join(folder, 'manifest.json'), manifest);
  await writeFile(join(folder, 'data.sql.gz'), data);
  say(
    `${described.log.events} events; data.sql.gz ${data.length} bytes, manifest.json ${manifest.length} bytes`,
  );
  say(`event types that it lacks: ${described.missing.join(', ') || 'none'}`);
} catch (error) {
  say(system.output.slice(-4_000));
  await rm(folder, { recursive: true, force: true });
  throw error;
} finally {
  await system.remove();
}
