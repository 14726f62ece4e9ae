import { Command } from 'commander';
import { type Config, describe, loadConfig } from '@abland/platform';
import { addDemoCommand } from './commands/demo-command.js';
import { addEventCommands } from './commands/event-commands.js';
import { addProjectionCommands } from './commands/projection-commands.js';
import { addStartCommand } from './commands/start-command.js';
import { addStoreCommands } from './commands/store-commands.js';

const config = (): Config => loadConfig(process.env);

const program = new Command('abland')
  .description('AB.LAND: the whole system in one command, and its operator’s tools')
  .showHelpAfterError();
addStartCommand(program, config);
addDemoCommand(program, config);
addProjectionCommands(program, config);
addEventCommands(program, config);
addStoreCommands(program, config);

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(`${describe(error)}\n`);
  process.exitCode = 1;
}
