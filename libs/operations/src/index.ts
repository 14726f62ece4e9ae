export { decideParkedEvent, type DecisionPorts, type ParkedEventAct } from './parked/decide-parked-event.js';
export {
  type ChainProviderView,
  type Count,
  listChainProviders,
  type ToldProviderState,
} from './providers/chain-providers.js';
export { type Done, type OperatorsAct, recordOperation } from './recording/record-operation.js';
export { openHalt } from './reorg/open-halt.js';
