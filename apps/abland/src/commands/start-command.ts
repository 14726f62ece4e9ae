import type { Command } from 'commander';
import { type Environment, loadSystemConfig, runProgram } from '@abland/platform';
import { createTerminal } from '../terminal/terminal.js';

export function addStartCommand(program: Command, env: Environment): void {
  program
    .command('start')
    .description('the whole system; what the environment does not name runs embedded')
    .action(() => {
      const terminal = createTerminal();
      // The command's door is our parent: when it is gone, nobody wants us any more.
      process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'));
      process.channel?.unref();
      return runProgram(async (signal) => {
        const checked = loadSystemConfig(env);
        // Loaded late, so that a wrong variable is told at once and the other commands start quickly.
        const { startSystem } = await import('../start/start-system.js');
        return startSystem(checked, terminal, signal);
      });
    });
}
