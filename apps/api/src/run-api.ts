import {
  answerHelp,
  createLogger,
  loadApiConfig,
  runProgram,
  startWhenPossible,
  telling,
} from '@abland/platform';
import { openApi } from './server/open-api.js';

/** The API as its environment configures it, until it is asked to stop. */
export async function run(): Promise<void> {
  answerHelp('api', loadApiConfig);
  await runProgram(async (signal) => {
    const config = loadApiConfig(process.env);
    const logger = createLogger({ level: config.logLevel, name: 'api' });
    const running = await startWhenPossible(() => openApi(config, logger), {
      signal,
      port: config.port,
      onWait: (why) => logger.warn({ why }, 'not ready, waiting'),
    });
    return telling(running, logger, signal);
  });
}
