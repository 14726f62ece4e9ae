export {
  DEVELOPMENT_MNEMONIC,
  deployerAccount,
  developmentAccounts,
  type DevelopmentAccount,
} from './accounts.js';
export { deployAblandContracts } from './deployment.js';
export * from './errors.js';
export { forkEmbeddedChain, type ForkedChain, type ForkOptions } from './fork.js';
export type { ChainReady } from './process-messages.js';
export type { ReplayProgress } from './replay.js';
export { startEmbeddedChain, type EmbeddedChain, type EmbeddedChainOptions } from './start.js';
