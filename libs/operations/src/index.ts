export { type ApprovalName, needingApproval, type NeedingApproval } from './proposals/needed.js';
export type { Asked } from './proposals/propose.js';
export {
  approveOperation,
  type Decision,
  declineOperation,
  type ProposalPorts,
} from './approval/decide-proposal.js';
export {
  type AskedBuildAct,
  actOnBuilds,
  type BuildActKind,
  type BuildPorts,
  notingIn,
} from './builds/act-on-builds.js';
export {
  decideParkedEvent,
  type ParkedEventAct,
  type ParkedEventPorts,
} from './parked/decide-parked-event.js';
export {
  type ChainProviderView,
  type Count,
  listChainProviders,
  type ToldProviderState,
} from './providers/chain-providers.js';
export type { DecisionPorts } from './recording/decision-ports.js';
export { type Hand, OperationOutOfHandError } from './recording/hand.js';
export {
  type Done,
  type OperatorsAct,
  recordOperation,
  type RecordingPorts,
  recordWhenOver,
} from './recording/record-operation.js';
export { type OperationSettlerOptions, startOperationSettler } from './recording/settle-operations.js';
export { decideChainReorg, type ReorgAct } from './reorg/decide-chain-reorg.js';
export { openHalt } from './reorg/open-halt.js';
