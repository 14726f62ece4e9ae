import { answerHelp, createLogger, loadProjectorConfig, runProgram } from '@abland/platform';
import { openProjector } from './open-projector.js';

answerHelp('projector', loadProjectorConfig);
await runProgram(async () => {
  const config = loadProjectorConfig(process.env);
  return openProjector(config, createLogger({ level: config.logLevel, name: 'projector' }));
});
