import type { ReadModel } from '../read-model/database.js';

export interface FeesInForce {
  /** Basis points of 10,000. */
  readonly swapFee: bigint;
  /** Basis points of 10,000; the protocol's part inside the swap fee. */
  readonly protocolFee: bigint;
  /** Wei. */
  readonly tokenCreationFee: bigint;
}

/** The fees that the chain's facts say; null as long as one of them was never said. */
export async function feesInForceNow(db: ReadModel): Promise<FeesInForce | null> {
  const rows = await db.selectFrom('fees_in_force').select(['kind', 'value']).execute();
  const values = new Map(rows.map((row) => [row.kind, BigInt(row.value)]));
  const swapFee = values.get('SWAP');
  const protocolFee = values.get('PROTOCOL');
  const tokenCreationFee = values.get('TOKEN_CREATION');
  if (swapFee === undefined || protocolFee === undefined || tokenCreationFee === undefined) return null;
  return { swapFee, protocolFee, tokenCreationFee };
}
