import {
  answerHelp,
  createLogger,
  loadIndexerConfig,
  runProgram,
  startWhenPossible,
  telling,
} from '@abland/platform';
import { openIndexer } from './open-indexer.js';

/** The indexer as its environment configures it, until it is asked to stop. */
export async function run(): Promise<void> {
  answerHelp('indexer', loadIndexerConfig);
  await runProgram(async (signal) => {
    const config = loadIndexerConfig(process.env);
    const logger = createLogger({ level: config.logLevel, name: 'indexer' });
    const running = await startWhenPossible(() => openIndexer(config, logger), {
      signal,
      port: config.metricsPort,
      onWait: (why) => logger.warn({ why }, 'not ready, waiting'),
    });
    return telling(running, logger, signal);
  });
}
