import { int8, nullable, text } from '../engine/columns.js';
import { defineTable } from '../engine/table.js';

export const users = defineTable({
  name: 'users',
  origin: 'log',
  columns: {
    address: text,
    registered_at: nullable(text),
    last_signed_in_at: nullable(text),
    sign_ins: int8,
    rejected_commands: int8,
  },
  key: ['address'],
  indexes: [],
});
