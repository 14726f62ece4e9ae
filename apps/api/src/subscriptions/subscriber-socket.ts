/** A client's open socket. */
export interface SubscriberSocket {
  /** Ends it; the client is told why by one of SOCKET_CLOSE. */
  close(reason: keyof typeof SOCKET_CLOSE): void;
}

/** Codes that a socket is closed with, beside those of the protocol graphql-transport-ws. */
export const SOCKET_CLOSE = {
  /** The protocol's own code for who is not let in: clients do not come again by themselves. */
  SESSION_ENDED: 4401,
  /** Come again, with a new one. */
  TOKEN_EXPIRED: 4471,
  /** Come again: what one may follow is less than before. */
  ROLE_REVOKED: 4472,
  TOO_SLOW: 4470,
  GOING_AWAY: 1001,
} as const;
