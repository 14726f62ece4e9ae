import { createLogger, loadConfig, runProgram } from '@abland/platform';
import { openApi } from './server/open-api.js';

await runProgram(async () => {
  const config = loadConfig(process.env);
  return openApi(config, createLogger({ level: config.logLevel, name: 'api' }));
});
