import {
  answerHelp,
  createLogger,
  loadWorkerConfig,
  runProgram,
  startWhenPossible,
  telling,
} from '@abland/platform';
import { openWorker } from './open-worker.js';

/** The worker as its environment configures it, until it is asked to stop. */
export async function run(): Promise<void> {
  answerHelp('worker', loadWorkerConfig);
  await runProgram(async (signal) => {
    const config = loadWorkerConfig(process.env);
    const logger = createLogger({ level: config.logLevel, name: 'worker' });
    const running = await startWhenPossible(() => openWorker(config, logger), {
      signal,
      port: config.metricsPort,
      onWait: (why) => logger.warn({ why }, 'not ready, waiting'),
    });
    return telling(running, logger, signal);
  });
}
