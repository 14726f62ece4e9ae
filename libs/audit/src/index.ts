export { type AnchoredRoot, AnchoredTree, type AnchoredTreePorts } from './anchoring/anchored-tree.js';
export {
  type AnchoringOptions,
  type AnchoringStatus,
  type AnchorPlace,
  type RunningAnchoring,
  startAnchoring,
} from './anchoring/start-anchoring.js';
export { type EventEntry, eventEntry, LARGE_ENTRY } from './entries/event-entry.js';
export { AnchorAheadError, AnchorContradictsError } from './failures/anchor-errors.js';
export {
  CheckpointTooOldError,
  EntriesWithheldError,
  LogBehindError,
  LogOriginChangedError,
  LogRewrittenError,
  TreeDamagedError,
} from './failures/tree-errors.js';
export {
  WitnessAheadError,
  WitnessAnswerError,
  WitnessAwayError,
  WitnessRefusedError,
} from './failures/witness-errors.js';
export { type RunningTree, startTree, type TreeOptions, type TreeStatus } from './following/start-tree.js';
export { ProvenLog, type ProvenLogPorts } from './reading/proven-log.js';
export { type EventProof, type ServedHead, ServedTree } from './reading/served-tree.js';
export { type ReportManifest } from './reports/manifest.js';
export { eventsOfReport } from './reports/events-of-report.js';
export { parseQuery, type ReportQuery, ReportQueryError } from './reports/folding/query.js';
export {
  compareWithLog,
  REPORT_FAULTS,
  type ReportFault,
  ReportFaultError,
  verifyFolder,
  type VerifiedReport,
} from './reports/verify-report.js';
export { type ReportOptions, writeReport, type WrittenReport } from './reports/write-report.js';
export { LogSigner, NoteSigner } from './signing/log-signer.js';
export { AUDIT_MIGRATIONS, migrateAudit } from './storage/migrate.js';
export type { StoredTree } from './storage/tree-rows.js';
export { SERVER_HASHER } from './tree/server-hasher.js';
export { type Tile, TreeBuilder } from './tree/tree-builder.js';
export {
  type RunningWitnessing,
  startWitnessing,
  type WitnessingOptions,
  type WitnessingStatus,
} from './witnesses/start-witnessing.js';
export type { WitnessAt } from './witnesses/witness-client.js';
