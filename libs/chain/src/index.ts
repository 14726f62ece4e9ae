export { type AnchoredHead, ChainAnchors, type ChainAnchorsOptions } from './anchoring/chain-anchors.js';
export * from './anchoring/errors.js';
export { logIdOf } from './anchoring/log-id.js';
export { openChainAnchors, type OpenChainAnchorsOptions } from './anchoring/open-chain-anchors.js';
export { BlockReader, type ProofWanted } from './blocks/block-reader.js';
export type { DataFeeTold } from './blocks/data-fee-field.js';
export { type FinalityTag, toldFinal } from './blocks/told-final.js';
export {
  type Discrepancy,
  type Evidence,
  proveBlock,
  type ProofRules,
  type Proven,
} from './blocks/prove-block.js';
export type {
  BlockLog,
  BlockReference,
  ChainBlock,
  DescribedToken,
  FailedTransaction,
  FollowedContracts,
  GovernanceContracts,
} from './blocks/chain-block.js';
export * from './blocks/errors.js';
export * from './calls/contract-call.js';
export * from './deployment/errors.js';
export * from './deployment/require-deployment.js';
export * from './calls/forward-request.js';
export * from './calls/liquidity-calls.js';
export * from './calls/token-calls.js';
export * from './calls/command-tag.js';
export { LogDecoder } from './decode/decode-log.js';
export * from './decode/describe-call.js';
export type { DecodedLog } from './decode/decoded-log.js';
export { logOf } from './decode/log-of.js';
export { startChainPublisher, type ChainPublisher, type PublisherStatus } from './follow/chain-publisher.js';
export { catchUp, type ChainSource, type FollowOptions } from './follow/follow-chain.js';
export type { FollowBook, TokensFollowed } from './follow/followed-tokens.js';
export type { ReorgDecision, ReorgDecisions } from './follow/reorg-decisions.js';
export { type PublishersBook, ReadAheadSource } from './follow/read-ahead.js';
export { type RangeReader, type ReadersBook, startRangeReader } from './follow/range-reader.js';
export { newestBlockAfter } from './follow/newest-block.js';
export { readMessage, type ReadMessage } from './follow/read-message.js';
export { chainTopic, type ChainMessage } from './follow/messages.js';
export { MessageOutOfOrderError, PartialBlockError, UnknownContractsError } from './ingest/errors.js';
export {
  startIngester,
  type Ingester,
  type IngesterOptions,
  type IngesterStatus,
} from './ingest/ingester.js';
export { type IngestedTokens, type IngestedTokensBook, recordedTokens } from './ingest/known-tokens.js';
export { type ParkedLogDecision, retryParkedLog, skipParkedLog } from './parking/decide-parked-log.js';
export { restoreChain } from './ingest/restore.js';
export { ChainOfLog, type ChainOfLogOptions } from './chain-of-log/chain-of-log.js';
export { type ChainCheck, checkedChain } from './chain-of-log/checked-chain.js';
export { ChainNotOfLogError } from './chain-of-log/errors.js';
export type { OurSide } from './reconciliation/our-side.js';
export { type ProgressBook, readProgress, type ReconciliationProgress } from './reconciliation/progress.js';
export { TRACK_NAMES, TRACKS } from './reconciliation/rotation.js';
export {
  startReconciler,
  type Reconciler,
  type ReconcilerOptions,
  type ReconcilerStatus,
} from './reconciliation/reconciler.js';
export * from './receipts/prove-receipt.js';
export { ChainRpc, type ChainRpcOptions } from './rpc/chain-rpc.js';
export * from './rpc/errors.js';
export { readToldProviders, readToldSeen, tellProviders } from './rpc/told-providers.js';
export type { ProviderState, ProviderStatus } from './rpc/provider-status.js';
export { HeadWatch, type HeadWatchOptions } from './rpc/head-watch.js';
export { type ContractSignature, isSignedByContract } from './signatures/contract-signature.js';
export { ChainTokenDescriber, type TokenDescriber } from './tokens/token-describer.js';
export type { AuthorizedRelay } from './sender/authorized-relay.js';
export * from './sender/errors.js';
export * from './sender/forward-nonce-book.js';
export { byPreference } from './sender/by-preference.js';
export * from './sender/open-relay-senders.js';
export { REFUSED_BY_SIMULATION } from './sender/relay-preparation.js';
export * from './sender/relay-sender.js';
export * from './calls/revert-reason.js';
export { ATTEMPT_PAUSE_MS_MAX } from './sender/retry-pause.js';
export { RetiredSender, type RetiredSenderOptions } from './sender/retired-sender.js';
export type { SenderHindrance, SenderStatus } from './sender/sender-watch.js';
export * from './sender/sending-provider.js';
