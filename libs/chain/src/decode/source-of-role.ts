import { ZeroAddress } from 'ethers';
import type { LogParked } from '@abland/domain';
import { CHECKPOINT_EVENTS } from './contracts/checkpoint.js';
import { FORWARDER_EVENTS } from './contracts/forwarder.js';
import { governorEvents } from './contracts/governor.js';
import { LIQUIDITY_MANAGER_EVENTS } from './contracts/liquidity-manager.js';
import { TIMELOCK_EVENTS } from './contracts/timelock.js';
import { TOKEN_FACTORY_EVENTS } from './contracts/token-factory.js';
import { tokenEvents } from './contracts/token.js';
import { VOTES_TOKEN_EVENTS } from './contracts/votes-token.js';
import type { LogSource } from './read-fact.js';
import type { ContractEvents } from './reading/contract-events.js';

const EVENTS = {
  // Whom an approval is for is told by none that is read anew: approvals are bound to their order.
  TOKEN: tokenEvents(ZeroAddress),
  TOKEN_FACTORY: TOKEN_FACTORY_EVENTS,
  LIQUIDITY_MANAGER: LIQUIDITY_MANAGER_EVENTS,
  FORWARDER: FORWARDER_EVENTS,
  CHECKPOINT: CHECKPOINT_EVENTS,
  TIMELOCK: TIMELOCK_EVENTS,
  VOTES_TOKEN: VOTES_TOKEN_EVENTS,
} as const satisfies Record<Exclude<LogParked['data']['role'], 'GOVERNOR'>, ContractEvents>;

/** By what a parked log is read anew, with no deployment at hand. */
export function sourceOfRole({ clock, role }: LogParked['data']): LogSource {
  const events = role === 'GOVERNOR' ? governorEvents(clock ?? 'BLOCKS') : EVENTS[role];
  return { role, clock, events };
}
