import { Command } from 'commander';
import { describe } from '@abland/platform';
import { addAuditCommands } from './commands/audit-commands.js';
import { addChainCommands } from './commands/chain-commands.js';
import { addDataCommands } from './commands/data-commands.js';
import { addContractCommands } from './commands/contract-commands.js';
import { addDemoCommand } from './commands/demo-command.js';
import { addDoctorCommand } from './commands/doctor-command.js';
import { addEventCommands } from './commands/event-commands.js';
import { addMigrateCommand } from './commands/migrate-command.js';
import { addOperationCommands } from './commands/operation-commands.js';
import { addParkedCommands } from './commands/parked-commands.js';
import { addProjectionCommands } from './commands/projection-commands.js';
import { addReplayCommand } from './commands/replay-command.js';
import { addStartCommand } from './commands/start-command.js';
import { addStoreCommands } from './commands/store-commands.js';
import { addUserCommands } from './commands/user-commands.js';

/**
 * Whoever reads the output of a command may stop reading (`| head`): that is no error, but nothing is left to do. The system goes on
 * without a reader.
 */
function outputEnds(error: NodeJS.ErrnoException): void {
  if (process.argv[2] === 'start') return;
  if (error.code === 'EPIPE') process.exit();
  process.stderr.write(`${describe(error)}\n`);
  process.exit(1);
}

/** Does what the arguments ask for. */
export async function run(): Promise<void> {
  process.stdout.on('error', outputEnds);
  const program = new Command('abland')
    .description('AB.LAND: the whole system in one command, and its operator’s tools')
    .showHelpAfterError();
  addStartCommand(program, process.env);
  addDemoCommand(program, process.env);
  addMigrateCommand(program, process.env);
  addDoctorCommand(program, process.env);
  addProjectionCommands(program, process.env);
  addReplayCommand(program, process.env);
  addEventCommands(program, process.env);
  addOperationCommands(program, process.env);
  addParkedCommands(program, process.env);
  addStoreCommands(program, process.env);
  addUserCommands(program, process.env);
  addContractCommands(program, process.env);
  addChainCommands(program, process.env);
  addAuditCommands(program, process.env);
  addDataCommands(program, process.env);

  try {
    await program.parseAsync();
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    process.exitCode = 1;
  }
}
