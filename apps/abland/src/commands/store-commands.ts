import type { Command } from 'commander';
import { copyLog, openBareEventStore } from '@abland/event-store';
import { type Config, createLogger } from '@abland/platform';

interface CopyFlags {
  readonly from: string;
  readonly to: string;
}

export function addStoreCommands(program: Command, config: () => Config): void {
  const store = program.command('store').description('the event store itself');
  store
    .command('copy')
    .description(
      'copies a log in order to another store and compares both; a copy that was cut off goes on when asked again',
    )
    .requiredOption('--from <url>', 'postgres://… or esdb://…')
    .requiredOption('--to <url>', 'postgres://… or esdb://…, empty or with the beginning of this copy')
    .action((flags: CopyFlags) => copy(config(), flags));
}

async function copy(config: Config, flags: CopyFlags): Promise<void> {
  const logger = createLogger({
    level: config.logLevel === 'silent' ? 'silent' : 'warn',
    name: 'abland',
    pretty: true,
  });
  const ending = new AbortController();
  process.once('SIGINT', () => ending.abort());
  const from = await openBareEventStore(flags.from, logger);
  const to = await openBareEventStore(flags.to, logger);
  try {
    const report = await copyLog({
      from,
      to,
      signal: ending.signal,
      onProgress: ({ phase, events, eventsPerSecond }) => {
        process.stderr.write(`${phase}: ${events} events, ${Math.round(eventsPerSecond)} a second\n`);
      },
    });
    process.stdout.write(`${report.copied} events copied, ${report.events} in both, equal by checksum\n`);
    process.stdout.write(`${report.checksum}  checksum of the log\n`);
  } finally {
    await to.close();
    await from.close();
  }
}
