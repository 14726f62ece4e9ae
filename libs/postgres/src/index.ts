export * from './checked-out-client.js';
export * from './connection-config.js';
export * from './connection-loss.js';
export * from './listener.js';
export * from './migrations.js';
