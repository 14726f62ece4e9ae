import type { GovernanceSettings } from '../deployment/settings.js';

/** Who a deployment gives something to. */
export type Role = 'feeRecipient' | 'guardian' | 'governanceTokenHolder';

/** How the contracts are deployed on one network. Where its node is and whose keys sign comes from the environment. */
export interface NetworkDefinition {
  readonly name: string;
  /** Null where the operator states it: a deployment compares it with what the node says. */
  readonly chainId: number | null;
  /** Blocks on top of a deployment's transaction before the next one is sent. */
  readonly confirmations: number;
  /** Whether blocks come where they are asked for, whatever the time: then how often they come says nothing. */
  readonly minesOnDemand: boolean;
  /** Wei that a token's creation takes at first. */
  readonly creationFee: bigint;
  readonly governance: GovernanceSettings;
  /** Roles that must be given to somebody by name: they never fall to the deployer by default. */
  readonly namedRoles: readonly Role[];
}
