import { answerHelp, createLogger, loadApiConfig, runProgram } from '@abland/platform';
import { openApi } from './server/open-api.js';

answerHelp('api', loadApiConfig);
await runProgram(async () => {
  const config = loadApiConfig(process.env);
  return openApi(config, createLogger({ level: config.logLevel, name: 'api' }));
});
