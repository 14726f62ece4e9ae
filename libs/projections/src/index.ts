export * from './allowances/queries.js';
export { HISTORY_POINTS_MAX, type HistorySpan } from './candles/moments.js';
export * from './analytics/pool-analytics.js';
export { pricesIn, type PriceThroughPools } from './analytics/price-in.js';
export * from './analytics/token-analytics.js';
export * from './analytics/trending-tokens.js';
export * from './candles/queries.js';
export * from './chain-head/queries.js';
export * from './contracts/fees-queries.js';
export * from './contracts/settings-query.js';
export * from './drift/queries.js';
export * from './parked/queries.js';
export * from './parked-events.js';
export type { StateChecksum, TableChecksum } from './engine/checksum.js';
export { READ_MODEL_CHANNEL } from './engine/batch.js';
export * from './engine/errors.js';
export { PROJECTIONS_MIGRATIONS } from './engine/migrations.js';
export { requireLogOfReadModels } from './engine/require-log.js';
export type { TimeLeft } from './engine/pace.js';
export type { RebuildOutcome, RebuildProgress } from './builds/rebuild.js';
export {
  type Activity,
  type BuildView,
  listBuilds,
  projectionStatus,
  type ProjectionState,
  type ProjectionStatus,
} from './builds/status.js';
export type { RowDifference, TableDifference } from './builds/compare-table.js';
export { type BuildDifferences, isUnexplained } from './builds/differences.js';
export type { DifferenceReport } from './builds/difference-reports.js';
export * from './builds/errors.js';
export { isParked, skipParkedIn } from './builds/skip-parked.js';
export { parkedByProjection } from './engine/skipped-events.js';
export { positionOfBlock } from './builds/block-position.js';
export { answersVersions } from './builds/answers-versions.js';
export { livePositions, liveState, type LiveState } from './builds/live-positions.js';
export { isReplaySchema } from './builds/replay.js';
export type { Build, BuildState } from './engine/build.js';
export type { NoteBuilds } from './builds/acts.js';
export type { BuildAct } from './builds/lifecycle.js';
export * from './foreign-tokens/queries.js';
export * from './forwarder/queries.js';
export * from './governance/proposals-query.js';
export { type GovernanceSettings, governanceSettingsNow } from './governance/settings-query.js';
export * from './governance/votes-query.js';
export * from './governance/voting-power-query.js';
export * from './holdings/queries.js';
export * from './operations/queries.js';
export * from './platform/queries.js';
export { poolHistory, type PoolMoment } from './pools/history-query.js';
export * from './pools/queries.js';
export * from './portfolio/queries.js';
export * from './positions/history-query.js';
export * from './positions/queries.js';
export { type AsOf, type LogTimes, stateAsOf } from './as-of/as-of.js';
export type { At } from './read-model/past-state.js';
export * from './explain-rows.js';
export { createReadModel } from './create-read-model.js';
export type { ReadModel, ReadModelDatabase, ReadModelPool } from './read-model/database.js';
export * from './read-model/errors.js';
export {
  decodeCursor,
  encodeCursor,
  type Edge,
  type Page,
  PAGE_SIZE_MAX,
  type PageRequest,
  rowsToSelect,
  type SortOrder,
  toPage,
} from './read-model/page.js';
export type { ReconciledChain } from './reconciliation/kinds.js';
export * from './reconciliation/progress-book.js';
export { ourValuesAfter, withOurState } from './reconciliation/our-state.js';
export { requestInLog } from './requests/in-log.js';
export * from './requests/queries.js';
export type { CommandStatus, RelayStatus, RequestView } from './requests/view.js';
export * from './ask-for-builds.js';
export * from './start.js';
export * from './act-on-builds.js';
export * from './checksums.js';
export { PROJECTION_NAMES } from './projections.js';
export * from './rebuild-projections.js';
export * from './recorded-states.js';
export * from './replay-read-models.js';
export * from './swaps/profit-query.js';
export * from './swaps/fees-query.js';
export * from './swaps/queries.js';
export * from './tokens/list-tokens.js';
export { tokenByAddress, tokensByAddresses, type TokenStatus, type TokenView } from './tokens/queries.js';
export * from './transactions/queries.js';
export * from './users/queries.js';
