import type { Command } from 'commander';
import { type Environment, loadDeploymentConfig } from '@abland/platform';
import { say } from '../terminal/say.js';

export function addDoctorCommand(program: Command, env: Environment): void {
  program
    .command('doctor')
    .description(
      'asks everything that the settings name (databases, EventStoreDB, Kafka, Redis, chains, disk) whether a deployment could ' +
        'work with it, changes nothing there, and says of each what to do; ends with 1 where something is wrong',
    )
    .option('--json', 'an object for each check, in a list')
    .action(async ({ json = false }: { readonly json?: boolean }) => {
      const config = loadDeploymentConfig(env);
      const { checksOf } = await import('../doctor/checks.js');
      const { examine } = await import('../doctor/check.js');
      const findings = await examine(checksOf(config));
      if (json) say(JSON.stringify(findings, null, 2));
      else
        for (const { advice, found, ok, what } of findings)
          say(`${ok ? 'ok   ' : 'WRONG'} ${what}: ${found}${advice === null ? '' : ` → ${advice}`}`);
      if (findings.some(({ ok }) => !ok)) process.exitCode = 1;
    });
}
