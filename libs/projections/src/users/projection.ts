import { type Projection, rowOf, type Rows } from '../engine/projection.js';
import type { RowOf } from '../engine/table.js';
import { sealedProfile } from './sealed-profile.js';
import { users } from './tables.js';

const user = (event: { data: { address: string } }) => [rowOf(users, { address: event.data.address })];

export const usersProjection: Projection = {
  name: 'users',
  version: 2,
  tables: [users],
  handlers: {
    UserRegistered: {
      reads: user,
      apply: ({ data }, rows) =>
        change(data.address, rows, (known) => ({
          ...NOTHING_TOLD,
          registration: known.registration + 1,
          registered_at: data.at,
        })),
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
    ProfileUpdated: {
      reads: user,
      apply: ({ id, data }, rows) =>
        change(data.address, rows, () => ({ profile: sealedProfile(id, data), profile_updated_at: data.at })),
    },
    UserErased: {
      reads: user,
      apply: ({ data }, rows) =>
        change(data.address, rows, () => ({ profile: null, profile_updated_at: null, erased_at: data.at })),
    },
    UserKeyDestroyed: {
      reads: user,
      // The person may have come back before their old key was destroyed.
      apply: ({ data }, rows) =>
        change(data.address, rows, (known) =>
          known.registration === data.registration ? { key_destroyed_at: data.at } : {},
        ),
    },
  },
};

type UserRow = RowOf<typeof users>;

/** Of a registration that has only begun. */
const NOTHING_TOLD = {
  last_signed_in_at: null,
  profile: null,
  profile_updated_at: null,
  erased_at: null,
  key_destroyed_at: null,
} as const;

function change(address: string, rows: Rows, changes: (known: UserRow) => Partial<UserRow>): void {
  const known = rows.get(users, { address }) ?? {
    address,
    ...NOTHING_TOLD,
    registration: 0,
    registered_at: null,
    sign_ins: 0,
    rejected_commands: 0,
  };
  rows.put(users, { ...known, ...changes(known) });
}
