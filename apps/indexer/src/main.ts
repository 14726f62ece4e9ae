import { answerHelp, createLogger, loadIndexerConfig, runProgram } from '@abland/platform';
import { openIndexer } from './open-indexer.js';

answerHelp('indexer', loadIndexerConfig);
await runProgram(async () => {
  const config = loadIndexerConfig(process.env);
  return openIndexer(config, createLogger({ level: config.logLevel, name: 'indexer' }));
});
