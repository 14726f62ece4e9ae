export * from './governance-deeds.js';
export * from './market-deeds.js';
export * from './market-state.js';
export * from './strangers.js';
