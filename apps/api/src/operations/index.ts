// What operators do and look at, for their tool too: without the server, which takes seconds to load.
export { type ChainProviderView, listChainProviders } from './chain-providers.js';
export { decideChainReorg } from './decide-reorg.js';
