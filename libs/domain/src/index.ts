export * from './catalogue.js';
export * from './chain/facts.js';
export * from './chain/governance-facts.js';
export type { ChainLog } from './chain/log.js';
export * from './errors.js';
export type { MinedIn, RequestEnvelope, RevertedTransaction } from './execution.js';
export * from './input/address.js';
export * from './input/amount.js';
export * from './input/deadline.js';
export * from './input/identity.js';
export * from './input/profile.js';
export * from './input/slippage.js';
export * from './input/token.js';
export * from './order/commands.js';
export * from './order/decisions.js';
export * from './order/events.js';
export { directionOf } from './order/request.js';
export { orderTransaction, type OrderRequestData, type OrderState } from './order/state.js';
export * from './personal-data.js';
export * from './pool/arithmetic/liquidity.js';
export * from './pool/arithmetic/minimum.js';
export * from './pool/arithmetic/rounding.js';
export * from './pool/arithmetic/swap.js';
export * from './pool/commands.js';
export * from './pool/decisions.js';
export * from './pool/events.js';
export { poolTransaction, type PoolRequest, type PoolState } from './pool/state.js';
export * from './relay/decisions.js';
export * from './relay/events.js';
export * from './relay/relayer.js';
export * from './token/commands.js';
export * from './token/decisions.js';
export * from './token/events.js';
export {
  creationTransaction,
  deactivationTransaction,
  type Deactivation,
  type DeactivationRequest,
  type TokenRequest,
  type TokenState,
} from './token/state.js';
export * from './user/commands.js';
export * from './user/decisions.js';
export * from './user/events.js';
export type { ErasedUser, Erasure, RegisteredUser, UserState } from './user/state.js';
export * from './values.js';
