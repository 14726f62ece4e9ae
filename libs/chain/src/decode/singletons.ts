import type { Address, ContractRole } from '@abland/domain';
import type { FollowedContracts } from '../blocks/chain-block.js';
import { CHECKPOINT_EVENTS } from './contracts/checkpoint.js';
import { FORWARDER_EVENTS } from './contracts/forwarder.js';
import { governorEvents } from './contracts/governor.js';
import { LIQUIDITY_MANAGER_EVENTS } from './contracts/liquidity-manager.js';
import { TIMELOCK_EVENTS } from './contracts/timelock.js';
import { TOKEN_FACTORY_EVENTS } from './contracts/token-factory.js';
import { VOTES_TOKEN_EVENTS } from './contracts/votes-token.js';
import type { ContractEvents } from './reading/contract-events.js';

/** The contracts of a deployment of which there is one each, and their events. The router emits none. */
export function singletonsOf(
  contracts: FollowedContracts,
): readonly (readonly [Address, ContractEvents, ContractRole])[] {
  const { tokenFactory, liquidityManager, forwarder, governance, checkpoint } = contracts;
  const singletons: (readonly [Address, ContractEvents, ContractRole])[] = [
    [tokenFactory, TOKEN_FACTORY_EVENTS, 'TOKEN_FACTORY'],
    [liquidityManager, LIQUIDITY_MANAGER_EVENTS, 'LIQUIDITY_MANAGER'],
  ];
  if (forwarder !== null) singletons.push([forwarder, FORWARDER_EVENTS, 'FORWARDER']);
  if (checkpoint !== null) singletons.push([checkpoint, CHECKPOINT_EVENTS, 'CHECKPOINT']);
  if (governance !== null) {
    singletons.push(
      [governance.governor, governorEvents(governance.clock), 'GOVERNOR'],
      [governance.timelock, TIMELOCK_EVENTS, 'TIMELOCK'],
      [governance.token, VOTES_TOKEN_EVENTS, 'VOTES_TOKEN'],
    );
  }
  return singletons;
}
