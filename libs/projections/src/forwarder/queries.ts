import type { ReadModel } from '../read-model/database.js';

/** The nonce that the forwarder expects next of a signer, as far as the read models know. */
export async function forwarderNonce(db: ReadModel, signer: string): Promise<bigint> {
  const row = await db
    .selectFrom('forwarder_nonces')
    .select('next_nonce')
    .where('signer', '=', signer)
    .executeTakeFirst();
  return row === undefined ? 0n : BigInt(row.next_nonce);
}
