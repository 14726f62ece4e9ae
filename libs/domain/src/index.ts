export * from './catalogue.js';
export * from './chain/facts.js';
export * from './order/events.js';
export * from './pool/events.js';
export * from './relay/events.js';
export * from './token/events.js';
export * from './user/events.js';
export * from './values.js';
