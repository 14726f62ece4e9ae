/** A client's open socket. */
export interface LiveConnection {
  /** Ends it; the client is told why by one of LIVE_CLOSE. */
  close(reason: keyof typeof LIVE_CLOSE): void;
}

/** Codes that a socket is closed with, beside those of the protocol graphql-transport-ws. */
export const LIVE_CLOSE = {
  /** The protocol's own code for it. */
  SESSION_EXPIRED: 4401,
  TOO_SLOW: 4470,
  GOING_AWAY: 1001,
} as const;
