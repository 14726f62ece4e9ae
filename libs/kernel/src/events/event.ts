import type { JsonObject } from '../json/json.js';

/**
 * Place of an event in the whole log of one store. Opaque outside of it: gapless integers from 1 on PostgreSQL, growing
 * with gaps on EventStoreDB. Only its order may be relied on. As text (API, checkpoints) it is the decimal number.
 */
export type Position = bigint;

/** Number of an event within its stream, gapless from 0. */
export type Revision = bigint;

/** Where on the chain a fact was found; absent on every event that is not a chain fact. */
export interface ChainReference {
  readonly chainId: number;
  readonly blockNumber: number;
  readonly blockHash: string;
  /** Block time in seconds since the epoch. */
  readonly blockTime: number;
  /** Null for facts about blocks rather than transactions. */
  readonly txHash: string | null;
  /** Null for facts that no log stands for. */
  readonly logIndex: number | null;
  /** The command named in the transaction's trailing bytes: claimed by its sender, so a match must be checked. */
  readonly commandId: string | null;
}

export interface EventMetadata {
  /** The same for everything that one command or one block set in motion. */
  readonly correlationId: string;
  /** Id of the event or command that led to this event; null where it is the first. */
  readonly causationId: string | null;
  /** Who acted: a checksummed address, `chain`, `process:<name>` or `operator:<name>`. */
  readonly actor: string;
  readonly chain?: ChainReference;
}

/** An event's payload with its name and schema version, as a decider returns it. */
export interface DomainEvent<Type extends string = string, Data = JsonObject> {
  readonly type: Type;
  /** Schema version of `data`, from 1. */
  readonly version: number;
  readonly data: Data;
}

export interface NewEvent<Event extends DomainEvent = DomainEvent> {
  /** UUID. Appending the same id to the same stream twice stores it once. */
  readonly id: string;
  readonly type: Event['type'];
  readonly version: number;
  readonly data: Event['data'];
  readonly metadata: EventMetadata;
}

export interface RecordedEvent<Event extends DomainEvent = DomainEvent> extends NewEvent<Event> {
  readonly stream: string;
  readonly revision: Revision;
  readonly position: Position;
  /** ISO 8601, UTC: when the store recorded it. */
  readonly recordedAt: string;
}
