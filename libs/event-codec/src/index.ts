export { EVENT_VERSIONS } from './upcasting/event-versions.js';
export { openEventStore } from './open-event-store.js';
export { CataloguedEventStore } from './schemas/catalogued-event-store.js';
export { validateEvent, type SchemaViolation } from './schemas/validate-event.js';
export { upcast } from './upcasting/upcast.js';
