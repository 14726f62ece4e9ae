export interface SessionSettings {
  /** Who makes tokens, and for whom: tokens of others are refused. */
  readonly issuer: string;
  readonly audience: string;
  readonly accessTokenMs: number;
  /** From a sign-in to the next, however often a session is refreshed. */
  readonly sessionMs: number;
}

export const USUAL_SESSION_SETTINGS: SessionSettings = {
  issuer: 'abland',
  audience: 'abland-api',
  accessTokenMs: 15 * 60 * 1000,
  sessionMs: 30 * 24 * 60 * 60 * 1000,
};
