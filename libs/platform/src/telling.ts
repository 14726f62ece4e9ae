import type { Logger, Running } from '@abland/kernel';
import { whyStopped } from './program.js';

/**
 * The program, which tells the log that it runs, that it is to stop and why, and that it has.
 * @param signal as `runProgram` gives it
 */
export function telling<Program extends Running>(
  program: Program,
  logger: Logger,
  signal: AbortSignal,
): Program {
  const { name } = program;
  logger.info({}, `the ${name} runs`);
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    logger.info({ why: whyStopped(signal) }, `the ${name} stops`);
    await program.stop();
    logger.info({}, `the ${name} has stopped`);
  };
  return { ...program, stop: () => (stopped ??= stop()) };
}
