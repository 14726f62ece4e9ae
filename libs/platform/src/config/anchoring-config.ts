import { computeAddress } from 'ethers';
import type { ChainConfig } from './chain-shapes.js';
import { ConfigError } from './config-error.js';
import { isOneDevelopers, refuseDevelopmentKeys, relayerPrivateKeys } from './secrets.js';
import { type Environment, read } from './variables.js';

/** With what the log's tree is anchored on the chains that have a contract for it. */
export interface AnchoringConfig {
  /** Of the account that signs tree heads and pays for their transactions. */
  readonly privateKey: string;
  /** Checksummed. */
  readonly address: string;
  readonly intervalMinutes: number;
}

/** The last but one of the well-known development accounts; the embedded chain funds it. */
const DEVELOPMENT_KEY = '0xde9be858da4a475276426320d5e9262ecfc3ba460bfac56360bfa6c4c28b4ee0';

/**
 * Null where nothing is anchored: no key is given, and the system is not one developer's.
 * @throws ConfigError where a key is given and no chain has the contract, or where it is one of those that pay for relayed commands, or in
 * production everybody's
 */
export function anchoring(env: Environment, chains: readonly ChainConfig[]): AnchoringConfig | null {
  const given = read(env, 'ANCHOR_PRIVATE_KEY');
  if (given !== undefined) requireUsable(env, given, chains);
  const privateKey = given ?? (isOneDevelopers(env) ? DEVELOPMENT_KEY : undefined);
  if (privateKey === undefined) return null;
  const intervalMinutes = read(env, 'ANCHOR_INTERVAL_MINUTES');
  return { privateKey, address: computeAddress(privateKey), intervalMinutes };
}

function requireUsable(env: Environment, key: string, chains: readonly ChainConfig[]): void {
  // Two senders of one account would take each other's nonces.
  if (relayerPrivateKeys(env).some((other) => BigInt(other) === BigInt(key)))
    throw new ConfigError(
      'ANCHOR_PRIVATE_KEY',
      'must be another key than those that pay for relayed commands',
    );
  if (read(env, 'NODE_ENV') === 'production') refuseDevelopmentKeys('ANCHOR_PRIVATE_KEY', [key]);
  if (chains.length > 0 && chains.every(({ contracts }) => contracts.checkpoint === null))
    throw new ConfigError(
      'ANCHOR_PRIVATE_KEY',
      'says nothing without CHECKPOINT_ADDRESS, or contracts.checkpoint of a chain in CHAINS_FILE',
    );
}
