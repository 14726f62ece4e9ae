export { stopTestPostgres as default } from './dist/test-server.js';
