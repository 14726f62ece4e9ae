/** What one process of the API keeps for those who follow changes. */
export interface LiveLimits {
  /** Values that wait for one follower. */
  readonly pendingMax: number;
  /** Subscriptions of one socket. */
  readonly followingMax: number;
  readonly socketsMax: number;
}

export const LIVE_LIMITS: LiveLimits = { pendingMax: 500, followingMax: 20, socketsMax: 2_000 };

/** Token of injection of the LiveLimits. */
export const LIVE = Symbol('LiveLimits');
