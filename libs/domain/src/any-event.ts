import { type ChainFact, MARKET_FACT_VERSIONS } from './chain/facts.js';
import { GOVERNANCE_FACT_VERSIONS } from './chain/governance-facts.js';
import { SINGLETON_FACT_VERSIONS } from './chain/singleton-facts.js';
import { OPERATION_VERSIONS, type OperationEvent } from './operation/events.js';
import { RELAYER_VERSIONS, type RelayerEvent } from './relayer/events.js';
import { REQUEST_VERSIONS } from './request/events.js';
import { type RequestEvent, REQUESTED_VERSIONS } from './requests.js';
import { USER_VERSIONS, type UserEvent } from './user/events.js';

/** Every event that the log may hold, in its newest shape. Only those who read or write all of them import this. */
export type AnyEvent = ChainFact | RequestEvent | RelayerEvent | UserEvent | OperationEvent;

export type EventType = AnyEvent['type'];

/** The newest schema version of each event type, which stands beside the event. */
export const EVENT_VERSIONS: Readonly<Record<EventType, number>> = {
  ...MARKET_FACT_VERSIONS,
  ...SINGLETON_FACT_VERSIONS,
  ...GOVERNANCE_FACT_VERSIONS,
  ...REQUESTED_VERSIONS,
  ...REQUEST_VERSIONS,
  ...RELAYER_VERSIONS,
  ...USER_VERSIONS,
  ...OPERATION_VERSIONS,
};
