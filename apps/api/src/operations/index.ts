// What operators do and look at, for their tool too: without the server, which takes seconds to load.
export { type ChainProviderView, listChainProviders } from './chain-providers.js';
export { listParkedEvents, type ParkedEventView } from './parked-events.js';
export { decideParkedEvent, type ParkedEventAct } from './decide-parked-event.js';
export { decideChainReorg } from './decide-reorg.js';
