/** What reaches EventStoreDB, apart from the rest: its client is a seventh of all that a program loads, and most deployments have none. */
export { EventStoreDbEventStore, type EventStoreDbOptions } from './eventstoredb-event-store.js';
export { EventStoreDbImporter } from './eventstoredb-importer.js';
export { EventStoreDbIndex } from './eventstoredb-index.js';
