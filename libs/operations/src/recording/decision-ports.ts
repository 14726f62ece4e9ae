import type { Clock, EventStore } from '@abland/kernel';
import type { Pool } from 'pg';

/** What an operator's decision needs. */
export interface DecisionPorts {
  readonly log: EventStore;
  readonly clock: Clock;
  /** Where the read models lie, and what programs tell each other. */
  readonly pool: Pool;
}
