import {
  answerHelp,
  createLogger,
  loadProjectorConfig,
  runProgram,
  startWhenPossible,
  telling,
} from '@abland/platform';
import { openProjector } from './open-projector.js';

/** The projector as its environment configures it, until it is asked to stop. */
export async function run(): Promise<void> {
  answerHelp('projector', loadProjectorConfig);
  await runProgram(async (signal) => {
    const config = loadProjectorConfig(process.env);
    const logger = createLogger({ level: config.logLevel, name: 'projector' });
    const running = await startWhenPossible(() => openProjector(config, logger), {
      signal,
      port: config.metricsPort,
      onWait: (why) => logger.warn({ why }, 'not ready, waiting'),
    });
    return telling(running, logger, signal);
  });
}
