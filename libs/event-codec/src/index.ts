export {
  chainMetadataCodec,
  compactMetadata,
  expandMetadata,
  type StoredMetadata,
} from './chain-metadata.js';
export { asPrograms, openEventStore } from './open-event-store.js';
export { schemaCodec } from './schema-codec.js';
export { validateEvent, type SchemaViolation } from './schemas/validate-event.js';
export { EVENT_VERSIONS } from './upcasting/event-versions.js';
export { upcast } from './upcasting/upcast.js';
export { withCodec } from './with-codec.js';
