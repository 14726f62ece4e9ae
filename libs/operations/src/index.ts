export { decideParkedEvent, type ParkedEventAct } from './parked/decide-parked-event.js';
export {
  type ChainProviderView,
  type Count,
  listChainProviders,
  type ToldProviderState,
} from './providers/chain-providers.js';
export type { DecisionPorts } from './recording/decision-ports.js';
export { type Done, type OperatorsAct, recordOperation } from './recording/record-operation.js';
export { decideChainReorg, type ReorgAct } from './reorg/decide-chain-reorg.js';
export { openHalt } from './reorg/open-halt.js';
