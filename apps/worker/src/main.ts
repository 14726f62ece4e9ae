import { answerHelp, createLogger, loadWorkerConfig, runProgram, startWhenPossible } from '@abland/platform';
import { postgresFailureClassOf } from '@abland/postgres';
import { openWorker } from './open-worker.js';

answerHelp('worker', loadWorkerConfig);
await runProgram(async (signal) => {
  const config = loadWorkerConfig(process.env);
  const logger = createLogger({ level: config.logLevel, name: 'worker' });
  return startWhenPossible(() => openWorker(config, logger), {
    signal,
    classify: postgresFailureClassOf,
    port: config.metricsPort,
    onWait: (why) => logger.warn({ why }, 'not ready, waiting'),
  });
});
