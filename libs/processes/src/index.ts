export { type ChainAlarmsOptions, startChainAlarms } from './alarms/chain-alarms.js';
export { ReorgOutcomes, type ReorgOutcomesOptions } from './operations/reorg-outcomes.js';
export { erasureProcess, type ErasureOptions } from './erasure/erasure-process.js';
export { migrateProcesses, PROCESSES_MIGRATIONS } from './migrations/migrate.js';
export { settlementProcess, type SettlementOptions } from './settlement/settlement-process.js';
export {
  startProcess,
  type ProcessOptions,
  type ProcessStatus,
  type RunningProcess,
} from './engine/start-process.js';
export {
  isParkedByProcess,
  isRetried,
  type NoteDecision,
  retryParkedByProcess,
  skipParkedByProcess,
} from './parked/decide.js';
export { type ParkedByProcess, parkedByProcess } from './parked/parked-id.js';
export { requireLogOfProcesses } from './engine/require-log.js';
export type { Process, Turn } from './engine/process.js';
export { bindCommand, type Cause, type ProcessCommand } from './engine/process-command.js';
export { relayProcess } from './relay/relay-process.js';
export type { RelayWorkerOptions } from './relay/relay-worker.js';
export type { Sender, SenderPartStatus } from './relay/sender-part.js';
export { Senders, type SendersOptions } from './relay/senders.js';
export { sendingWhereRight } from './relay/sending-where-right.js';
