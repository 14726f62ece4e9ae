import type { DomainEvent } from '@abland/kernel';
import type { Address, Hash, Uuid } from '../vocabulary/values.js';
import type { GovernanceClock } from './governance-facts.js';
import type { ChainLog } from './log.js';

/** What a followed contract is: by which contract's events its logs are read. */
export type ContractRole =
  | 'TOKEN'
  | 'TOKEN_FACTORY'
  | 'LIQUIDITY_MANAGER'
  | 'FORWARDER'
  | 'CHECKPOINT'
  | 'GOVERNOR'
  | 'TIMELOCK'
  | 'VOTES_TOKEN';

/** UNDECODABLE: not written as the event says. IMPOSSIBLE: what it says cannot be. */
export type LogParkingCode = 'LOG_UNDECODABLE' | 'FACT_IMPOSSIBLE';

/**
 * A log of ours that became no fact, in the place of that fact: the rest of its block flows. Of more than 131,072 bytes of data
 * only these are kept.
 */
export type LogParked = DomainEvent<
  'LogParked',
  {
    readonly contract: Address;
    readonly role: ContractRole;
    /** Of a Governor what it counts in; null of others. */
    readonly clock: GovernanceClock | null;
    readonly log: ChainLog;
    readonly code: LogParkingCode;
    readonly reason: string;
  }
>;

/**
 * What an operator decided of a parked log. RETRIED: read anew, it told the fact that stands right before this event. SKIPPED: it
 * stays left out for good.
 */
export type ParkedLogResolved = DomainEvent<
  'ParkedLogResolved',
  {
    /** Of the LogParked. */
    readonly eventId: Uuid;
    readonly resolution: 'RETRIED' | 'SKIPPED';
    /** Who decided, and why, stands there. */
    readonly operationId: Uuid;
  }
>;

/** A message of the log stream that could not be taken. The next one goes on where the chain was: no block was lost with it. */
export type MessageParked = DomainEvent<
  'MessageParked',
  {
    readonly topic: string;
    /** In decimal. */
    readonly offset: string;
    readonly code: 'MESSAGE_ILL_FORMED' | 'MESSAGE_KIND_UNKNOWN';
    readonly reason: string;
    /** The beginning of the message as JSON, up to 10,000 characters. */
    readonly message: string;
    /** SHA-256 of all of it. */
    readonly digest: Hash;
  }
>;

export type ParkingFact = LogParked | ParkedLogResolved | MessageParked;

/** The newest schema version of each. */
export const PARKING_FACT_VERSIONS = {
  LogParked: 1,
  ParkedLogResolved: 1,
  MessageParked: 1,
} as const satisfies Record<ParkingFact['type'], number>;
