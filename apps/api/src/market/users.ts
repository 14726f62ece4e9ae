import { type ReadModel, userByAddress } from '@abland/projections';
import type { User } from '../auth/auth.types.js';

/** The read models may not have seen a first sign-in yet. */
export async function readUser(readModel: ReadModel, address: string): Promise<User> {
  const user = await userByAddress(readModel, address);
  return {
    address,
    registeredAt: user?.registeredAt ?? null,
    lastSignedInAt: user?.lastSignedInAt ?? null,
  };
}
