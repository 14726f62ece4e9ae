// What operators do and look at, for their tool too: without the server, which takes seconds to load.
export { decideChainReorg } from './decide-reorg.js';
