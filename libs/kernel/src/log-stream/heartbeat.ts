/**
 * How the publisher of a chain stands to it. STARTING: it has heard nothing yet. FOLLOWING: it publishes what comes.
 * UNREACHABLE: what it needs does not answer, or not with what holds together; it asks on. BEHIND: the newest block of every provider that
 * answers lies below what was published: restored from a backup, not caught up, or another chain; nothing is published until
 * that has passed. STOPPED: it cannot go on before a person has decided, or has mended a setting.
 */
export const PUBLISHER_STATES = ['STARTING', 'FOLLOWING', 'UNREACHABLE', 'BEHIND', 'STOPPED'] as const;
export type PublisherState = (typeof PUBLISHER_STATES)[number];

/** What the publisher of a chain says of itself, again and again while it lives. */
export interface PublisherReport {
  readonly chainId: number;
  readonly state: PublisherState;
  /** Code of the failure that the state is told for; null for none. */
  readonly reason: string | null;
  /** The newest block of the provider; null until it was told. Time in seconds since the epoch. */
  readonly head: { readonly number: number; readonly hash: string; readonly time: number } | null;
  /** Number of the newest block that was published and not taken back; null where none was. */
  readonly published: number | null;
  /** Milliseconds since a provider last told its head; null before the first time. */
  readonly contactAgeMs: number | null;
}

/** The newest report of a chain's publisher, with ages in milliseconds by the clock of whoever keeps it. */
export interface PublisherHeartbeat extends PublisherReport {
  /** Since it was made: where it grows, the publisher is gone. */
  readonly ageMs: number;
  /** For how long the state has been this one. */
  readonly stateAgeMs: number;
}

/** Where publishers say how they are, for whoever must know whether what they published is all there is. */
export interface Heartbeats {
  tell(report: PublisherReport): Promise<void>;
  /** Null where no publisher of the chain has ever told. */
  last(chainId: number): Promise<PublisherHeartbeat | null>;
}
