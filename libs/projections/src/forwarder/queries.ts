import type { ReadModel } from '../read-model/database.js';

/** The nonce that the forwarder expects next of a signer, as far as the read models know. */
export async function forwarderNonce(
  db: ReadModel,
  input: { chainId: number; signer: string },
): Promise<bigint> {
  const row = await db
    .selectFrom('forwarder_nonces')
    .select('next_nonce')
    .where('chain_id', '=', String(input.chainId))
    .where('signer', '=', input.signer)
    .executeTakeFirst();
  return row === undefined ? 0n : BigInt(row.next_nonce);
}
