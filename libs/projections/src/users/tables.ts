import { int8, json, nullable, text } from '../engine/columns.js';
import { defineTable, type SelectedRowOf } from '../engine/table.js';

export const users = defineTable({
  name: 'users',
  origin: 'log',
  columns: {
    address: text,
    /** How many times the address was registered; what follows is of the last time. */
    registration: int8,
    registered_at: nullable(text),
    last_signed_in_at: nullable(text),
    /** The texts as the log has them, sealed: a key that is destroyed leaves nothing readable here either. */
    profile: nullable(json),
    profile_updated_at: nullable(text),
    erased_at: nullable(text),
    key_destroyed_at: nullable(text),
    sign_ins: int8,
    rejected_commands: int8,
  },
  key: ['address'],
  indexes: [],
});

declare module '../read-model/database.js' {
  interface ReadModelDatabase {
    users: SelectedRowOf<typeof users>;
  }
}
