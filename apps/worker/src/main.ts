import { answerHelp, createLogger, loadWorkerConfig, runProgram } from '@abland/platform';
import { openWorker } from './open-worker.js';

answerHelp('worker', loadWorkerConfig);
await runProgram(async () => {
  const config = loadWorkerConfig(process.env);
  return openWorker(config, createLogger({ level: config.logLevel, name: 'worker' }));
});
