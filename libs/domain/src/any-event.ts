import type { AlarmEvent } from './alarms/events.js';
import type { ChainFact } from './chain/facts.js';
import type { ForwardNonceEvent } from './forward-nonces/events.js';
import type { OperationEvent } from './operation/events.js';
import type { ReconciliationEvent } from './reconciliation/events.js';
import type { RelayerEvent } from './relayer/events.js';
import type { ReportEvent } from './reports/events.js';
import type { RequestEvent } from './request-decider.js';
import type { StateChecksumsRecorded } from './state-checksums/events.js';
import type { UserEvent } from './user/events.js';

/** Every event that the log may hold, in its newest shape. Only those who read or write all of them import this. */
export type AnyEvent =
  | ChainFact
  | RequestEvent
  | RelayerEvent
  | ForwardNonceEvent
  | UserEvent
  | OperationEvent
  | ReconciliationEvent
  | StateChecksumsRecorded
  | ReportEvent
  | AlarmEvent;

export type EventType = AnyEvent['type'];
