export { ANSWER_FAULTS, GAP_FAULT } from './answer-faults.js';
export { CALL_FAULTS } from './call-faults.js';
export { SIMULATED_CONTRACTS, emittedLog } from './market-contracts.js';
export { NETWORK_FAULTS } from './network-faults.js';
export type { ProviderFault } from './provider-fault.js';
export {
  CALLED,
  SimulatedChain,
  type SimulatedBlock,
  type SimulatedFact,
  type SimulatedChainOptions,
} from './simulated-chain.js';
export { SimulatedProvider } from './simulated-provider.js';
