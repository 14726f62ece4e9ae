export {
  type AggregateLoader,
  type AggregateLog,
  foldStream,
  type LoadedAggregate,
} from './aggregates/aggregate-loading.js';
export * from './aggregates/command-handling.js';
export * from './aggregates/decider.js';
export * from './events/errors.js';
export { matchesFilter } from './events/event-filter.js';
export * from './events/event.js';
export type { EventCodec, Perhaps } from './events/event-codec.js';
export * from './events/event-store.js';
export * from './events/log-place.js';
export * from './events/uuid.js';
export * from './failures/abland-error.js';
export * from './failures/code-of.js';
export * from './failures/domain-error.js';
export * from './failures/failure-class.js';
export * from './failures/port-errors.js';
export * from './json/json.js';
export { findNonJson } from './json/json-value.js';
export type { Frontier } from './log-stream/frontier.js';
export * from './log-stream/log-stream.js';
export * from './log-stream/publisher-state.js';
export * from './logging/logger.js';
export * from './logging/outages.js';
export * from './logging/without-secrets.js';
export * from './logging/worth-telling.js';
export * from './running/growing-pause.js';
export * from './running/heartbeat.js';
export * from './running/in-turn.js';
export * from './running/joined.js';
export * from './running/items-or-pauses.js';
export * from './running/one-ahead.js';
export * from './running/part.js';
export * from './running/retrying.js';
export * from './running/running.js';
export * from './running/slices.js';
export * from './running/supervise.js';
export * from './time/clock.js';
export * from './time/time-limit.js';
export * from './time/timing.js';
export * from './time/wakeup.js';
