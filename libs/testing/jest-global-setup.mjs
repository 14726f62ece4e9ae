// Jest loads this outside of its own transforms, so it takes the built package.
export { startTestPostgres as default } from './dist/test-server.js';
