import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Command } from 'commander';
import { type Environment, loadDataConfig } from '@abland/platform';
import { openDataFolder } from '../start/data-folder.js';
import { say } from '../terminal/say.js';

export function addDataCommands(program: Command, env: Environment): void {
  const data = program.command('data').description('the data folder of the embedded parts');
  data
    .command('remove')
    .description('deletes the data folder, and what of the database lies outside of it')
    .action(() => removeData(loadDataConfig(env).dataDir));
}

/**
 * For good: the log, the keys of persons and the chain are in it.
 * @throws DataFolderError while a system runs on it, or where it is no data folder
 */
async function removeData(dataDir: string): Promise<void> {
  if (!existsSync(join(dataDir, 'format.json'))) {
    say(`${dataDir} holds no data`);
    return;
  }
  const onWait = (holder: string): unknown => process.stderr.write(`waiting for ${holder} to stop\n`);
  const folder = await openDataFolder(dataDir, { onWait, versions: 'ANY_VERSION' });
  // Loaded late: no other command needs it.
  const { removePostgresData } = await import('@abland/embedded/postgres');
  await removePostgresData(join(dataDir, 'database'));
  await rm(dataDir, { recursive: true });
  await folder.release();
  say(`${dataDir} is removed`);
}
