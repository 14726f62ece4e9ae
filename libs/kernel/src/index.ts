export {
  type AggregateLoader,
  type AggregateLog,
  foldStream,
  type LoadedAggregate,
} from './aggregate-loading.js';
export * from './clock.js';
export * from './command-handling.js';
export * from './decider.js';
export * from './errors.js';
export * from './event.js';
export type { EventCodec, Perhaps } from './event-codec.js';
export * from './event-store.js';
export * from './failure.js';
export * from './growing-pause.js';
export * from './json.js';
export { findNonJson } from './json-value.js';
export * from './log-place.js';
export * from './log-stream.js';
export * from './logger.js';
export * from './part.js';
export * from './retrying.js';
export * from './running.js';
export * from './supervise.js';
export * from './time-limit.js';
export * from './timing.js';
export * from './wakeup.js';
export * from './without-secrets.js';
