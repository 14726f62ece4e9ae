import type { LoggedFact, LogParked } from '@abland/domain';

/** What a log turned out to be. */
export type DecodedLog =
  | { readonly kind: 'fact'; readonly fact: LoggedFact }
  /** Not ours to keep: an event that nobody asks for, or a token that is not of our factory. */
  | { readonly kind: 'ignored' }
  /** Ours by its topic, and yet no fact: told with its reason, so that the rest goes on. */
  | { readonly kind: 'parked'; readonly fact: LogParked };
