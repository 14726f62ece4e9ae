import type { ReadModel } from '../read-model/database.js';

export interface UserView {
  readonly address: string;
  /** ISO 8601; null where only rejected commands are known. */
  readonly registeredAt: string | null;
  readonly lastSignedInAt: string | null;
  readonly signIns: number;
  readonly rejectedCommands: number;
}

export async function userByAddress(db: ReadModel, address: string): Promise<UserView | null> {
  const row = await db.selectFrom('users').selectAll().where('address', '=', address).executeTakeFirst();
  if (row === undefined) return null;
  return {
    address: row.address,
    registeredAt: row.registered_at,
    lastSignedInAt: row.last_signed_in_at,
    signIns: Number(row.sign_ins),
    rejectedCommands: Number(row.rejected_commands),
  };
}
