export { openIndexer } from './open-indexer.js';
export { startIndexer, type Indexer, type IndexerParts, type IndexerStatus } from './start-indexer.js';
