import type { StrangerLimits } from './strangers.js';

/** What one process of the API keeps for those who follow changes. */
export interface SubscriptionLimits extends StrangerLimits {
  /** Values that wait for one follower. */
  readonly pendingMax: number;
  /** Subscriptions of one socket. */
  readonly followingMax: number;
  readonly socketsMax: number;
  /** Of one person. */
  readonly socketsPerPersonMax: number;
}

export const USUAL_SUBSCRIPTION_LIMITS: SubscriptionLimits = {
  pendingMax: 500,
  followingMax: 20,
  socketsMax: 2_000,
  strangersMax: 500,
  strangersPerNetworkMax: 100,
  socketsPerPersonMax: 20,
};

/** Token of injection of the SubscriptionLimits. */
export const SUBSCRIPTION_LIMITS = Symbol('SubscriptionLimits');
