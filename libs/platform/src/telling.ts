import type { Logger, Running } from '@abland/kernel';

/** The program, which tells the log that it runs, that it is to stop, and that it has. */
export function telling<Program extends Running>(program: Program, logger: Logger): Program {
  const { name } = program;
  logger.info({}, `the ${name} runs`);
  let stopped: Promise<void> | null = null;
  const stop = async (): Promise<void> => {
    logger.info({}, `the ${name} stops`);
    await program.stop();
    logger.info({}, `the ${name} has stopped`);
  };
  return { ...program, stop: () => (stopped ??= stop()) };
}
