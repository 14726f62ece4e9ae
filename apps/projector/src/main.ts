import { createLogger, loadConfig, runProgram } from '@abland/platform';
import { openProjector } from './open-projector.js';

await runProgram(async () => {
  const config = loadConfig(process.env);
  return openProjector(config, createLogger({ level: config.logLevel, name: 'projector' }));
});
