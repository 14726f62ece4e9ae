import { type Command, InvalidArgumentError } from 'commander';
import { describe, type Environment, loadMigrationConfig } from '@abland/platform';
import { say } from '../terminal/say.js';

const WITHIN_SECONDS = 600;
const WITHIN_SECONDS_MAX = 86_400;

export function addMigrateCommand(program: Command, env: Environment): void {
  program
    .command('migrate')
    .description(
      'brings the schemas of DATABASE_URL, and of PERSONAL_KEYS_URL, to what this version needs, and ends; ' +
        'as every program does at its start: with it, a roll-out learns first whether that can be done',
    )
    .option(
      '--within <seconds>',
      'how long a database that is away, or in use, is waited for',
      seconds,
      WITHIN_SECONDS,
    )
    .action(async ({ within }: { readonly within: number }) => {
      const config = loadMigrationConfig(env);
      // With every schema that there is, which no other command needs.
      const { migrateAll } = await import('../migrations/migrate-all.js');
      const applied = await migrateAll(config, {
        totalMsMax: within * 1_000,
        onWait: (error) => process.stderr.write(`${describe(error)}; waiting\n`),
      });
      for (const name of applied) say(`applied ${name}`);
      say(
        applied.length === 0 ? 'nothing to apply: all schemas are up to date' : `${applied.length} applied`,
      );
    });
}

function seconds(text: string): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1 && value <= WITHIN_SECONDS_MAX) return value;
  throw new InvalidArgumentError(`must be a whole number from 1 to ${WITHIN_SECONDS_MAX}`);
}
