import type { ReadModel } from '../read-model/database.js';
import type { SealedProfile } from './sealed-profile.js';

export type { SealedProfile };

export interface UserView {
  readonly address: string;
  /** How many times the address was registered; what follows is of the last time. */
  readonly registration: number;
  /** ISO 8601; null where only rejected commands are known. */
  readonly registeredAt: string | null;
  readonly lastSignedInAt: string | null;
  /** Null where none was told, or it was erased. */
  readonly profile: SealedProfile | null;
  readonly profileUpdatedAt: string | null;
  /** Null unless the registration was ended by an erasure. */
  readonly erasedAt: string | null;
  /** When the key went that an erasure destroys. */
  readonly keyDestroyedAt: string | null;
  readonly signIns: number;
  readonly rejectedCommands: number;
}

export async function userByAddress(db: ReadModel, address: string): Promise<UserView | null> {
  const row = await db.selectFrom('users').selectAll().where('address', '=', address).executeTakeFirst();
  if (row === undefined) return null;
  return {
    address: row.address,
    registration: Number(row.registration),
    registeredAt: row.registered_at,
    lastSignedInAt: row.last_signed_in_at,
    // Written by the projection alone, in this shape.
    profile: row.profile as SealedProfile | null,
    profileUpdatedAt: row.profile_updated_at,
    erasedAt: row.erased_at,
    keyDestroyedAt: row.key_destroyed_at,
    signIns: Number(row.sign_ins),
    rejectedCommands: Number(row.rejected_commands),
  };
}
