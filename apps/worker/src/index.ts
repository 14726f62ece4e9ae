export { openWorker } from './open-worker.js';
export { startWorker, type Worker, type WorkerOptions } from './start-worker.js';
export { isReady, type WorkerStatus } from './worker-status.js';
