export * from './alarms/decider.js';
export * from './alarms/events.js';
export * from './any-event.js';
export * from './chain/facts.js';
export * from './chain/governance-facts.js';
export type { ChainLog, Logged } from './chain/log.js';
export * from './chain/parking-facts.js';
export * from './chain/singleton-facts.js';
export * from './forward-nonces/decider.js';
export * from './forward-nonces/events.js';
export * from './input/address.js';
export * from './input/amount.js';
export * from './input/deadline.js';
export * from './input/identity.js';
export { showing, shows } from './input/printable.js';
export * from './input/profile.js';
export * from './input/reason.js';
export * from './input/slippage.js';
export * from './input/token.js';
export * from './operation/commands.js';
export * from './operation/decider.js';
export * from './operation/events.js';
export { REORG_GONE, REORG_WITHDRAWN } from './operation/reorg-failures.js';
export { type SkipInLog, SKIP_EVENTS, SkipsInLog } from './operation/skips-in-log.js';
export * from './operation/state.js';
export * from './personal-data.js';
export * from './pool/arithmetic/decimal-text.js';
export * from './pool/arithmetic/liquidity.js';
export * from './pool/arithmetic/least-amount.js';
export * from './pool/arithmetic/price.js';
export * from './pool/arithmetic/rounding.js';
export * from './pool/arithmetic/route.js';
export * from './pool/arithmetic/swap.js';
export * from './pool/arithmetic/trading-profit.js';
export type { KnownBalance } from './pool/balance.js';
export type {
  KnownToken,
  PoolCreationAsk,
  PoolCreationRequested,
  PoolCreationTerms,
} from './pool/creation.js';
export { directionOf, type KnownPool } from './pool/known-pool.js';
export type {
  LiquidityAdditionAsk,
  LiquidityAdditionRequested,
  LiquidityAdditionTerms,
} from './pool/liquidity-addition.js';
export type {
  LiquidityRemovalAsk,
  LiquidityRemovalRequested,
  LiquidityRemovalTerms,
} from './pool/liquidity-removal.js';
export { assertNotPaused } from './pool/pause.js';
export type { SwapAsk, SwapRequested, SwapTerms } from './pool/swap.js';
export * from './reconciliation/compare.js';
export * from './reconciliation/decider.js';
export * from './reconciliation/events.js';
export * from './reconciliation/our-state.js';
export * from './relayer/decider.js';
export * from './relayer/events.js';
export * from './reports/events.js';
export * from './request/commands.js';
export * from './request/events.js';
export type { AnyRequestKind, RequestKind } from './request/kind.js';
export {
  type AcceptedRequest,
  type MinedIn,
  type Relay,
  type RequestState,
  type RequestStatus,
  transactionOf,
} from './request/state.js';
export * from './request-decider.js';
export * from './state-checksums/events.js';
export type { TokenCreationAsk, TokenCreationRequested, TokenCreationTerms } from './token/creation.js';
export type {
  TokenDeactivationAsk,
  TokenDeactivationRequested,
  TokenDeactivationTerms,
} from './token/deactivation.js';
export { API_KEYS_MAX, apiKeysOf } from './user/api-keys.js';
export * from './user/commands.js';
export * from './user/decider.js';
export * from './user/events.js';
export * from './user/personal-text.js';
export { userErased } from './user/registered.js';
export { type Permission, permissionsOf, requirePermission, ROLES } from './user/roles.js';
export { SESSIONS_MAX, sessionOf, sessionsOf } from './user/sessions.js';
export type {
  ErasedUser,
  Erasure,
  RegisteredUser,
  UserApiKey,
  UserSession,
  UserState,
} from './user/state.js';
export * from './vocabulary/errors.js';
export * from './vocabulary/values.js';
