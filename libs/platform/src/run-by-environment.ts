import type { Logger, Running } from '@abland/kernel';
import { answerHelp } from './config/usage.js';
import type { Environment } from './config/variables.js';
import { createLogger } from './logging/logger.js';
import { runProgram } from './program.js';
import { startWhenPossible } from './start-when-possible.js';
import { telling } from './telling.js';

export interface ProgramOfEnvironment<Config> {
  readonly name: string;
  /** @throws ConfigError by the name of the variable */
  readonly load: (env: Environment) => Config;
  readonly open: (config: Config, logger: Logger) => Promise<Running>;
  /** Where it says that it is not ready while what it needs is awaited; null: nowhere. */
  readonly portOf: (config: Config) => number | null;
}

/** Runs a program as its environment configures it, as soon as what it needs is there, until it is asked to stop. */
export async function runByEnvironment<Config extends { readonly logLevel: string }>({
  load,
  name,
  open,
  portOf,
}: ProgramOfEnvironment<Config>): Promise<void> {
  answerHelp(name, load);
  await runProgram(async (signal) => {
    const config = load(process.env);
    const logger = createLogger({ level: config.logLevel, name });
    const running = await startWhenPossible(() => open(config, logger), {
      signal,
      port: portOf(config),
      onWait: (why) => logger.warn({ why }, 'not ready, waiting'),
    });
    return telling(running, logger, signal);
  });
}
