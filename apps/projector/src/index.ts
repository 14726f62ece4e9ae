export { openProjector } from './open-projector.js';
export { isReady, type ProjectorStatus } from './projector-status.js';
export { startProjector, type Projector, type ProjectorOptions } from './start-projector.js';
