export * from './calls/contract-call.js';
export * from './calls/forward-request.js';
export * from './calls/liquidity-calls.js';
export * from './calls/token-calls.js';
export * from './command-tag.js';
