import {
  type EventType,
  GOVERNANCE_FACT_VERSIONS,
  MARKET_FACT_VERSIONS,
  OPERATION_VERSIONS,
  RELAYER_VERSIONS,
  REQUEST_VERSIONS,
  REQUESTED_VERSIONS,
  SINGLETON_FACT_VERSIONS,
  USER_VERSIONS,
} from '@abland/domain';

/** The newest schema version of each event type, which stands beside its event. */
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
