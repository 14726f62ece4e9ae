import { type Projection, rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { users } from './tables.js';

const user = (event: { data: { address: string } }) => [rowOf(users, { address: event.data.address })];

export const usersProjection: Projection = {
  name: 'users',
  version: 1,
  tables: [users],
  handlers: {
    UserRegistered: {
      reads: user,
      apply: ({ data }, rows) => change(data.address, rows, () => ({ registered_at: data.at })),
    },
    UserSignedIn: {
      reads: user,
      apply: ({ data }, rows) =>
        change(data.address, rows, (known) => ({ last_signed_in_at: data.at, sign_ins: known.sign_ins + 1 })),
    },
    CommandRejected: {
      reads: user,
      apply: ({ data }, rows) =>
        change(data.address, rows, (known) => ({ rejected_commands: known.rejected_commands + 1 })),
    },
  },
};

type UserRow = RowOf<typeof users>;

function change(address: string, rows: Rows, changes: (known: UserRow) => Partial<UserRow>): void {
  const known = rows.get(users, { address }) ?? {
    address,
    registered_at: null,
    last_signed_in_at: null,
    sign_ins: 0,
    rejected_commands: 0,
  };
  rows.put(users, { ...known, ...changes(known) });
}
