import { describeEventStoreLaws } from '../laws/event-store-laws.js';
import { MemoryEventStore } from './memory-event-store.js';

describeEventStoreLaws('memory', async () => {
  const store = new MemoryEventStore();
  return { store, close: () => store.close() };
});
