import type { Position } from '@abland/kernel';
import type { FinalBlocksRevertedError } from './errors.js';
import type { Session } from './session.js';

/** Where the log takes back blocks of a chain that it had told as final: an operator accepted another branch. */
export interface FinalRevert {
  readonly chainId: number;
  /** Of the event that takes them back. */
  readonly position: Position;
  readonly fromNumber: number;
}

/** Those that were met in this log so far. */
export async function readFinalReverts(session: Session): Promise<readonly FinalRevert[]> {
  const { rows } = await session.query<{ chain_id: string; position: string; from_number: string }>({
    text: 'SELECT chain_id, position, from_number FROM projections.final_reverts',
  });
  return rows.map((row) => ({
    chainId: Number(row.chain_id),
    position: BigInt(row.position),
    fromNumber: Number(row.from_number),
  }));
}

export async function noteFinalRevert(session: Session, { revert }: FinalBlocksRevertedError): Promise<void> {
  await session.query({
    text: `INSERT INTO projections.final_reverts (chain_id, position, from_number) VALUES ($1, $2, $3)
           ON CONFLICT (chain_id, position) DO UPDATE SET from_number = EXCLUDED.from_number`,
    values: [revert.chainId, revert.position.toString(), revert.fromNumber],
  });
}

/**
 * The newest block of a chain that nothing later in the log takes back, where at `position` every block up to `number` is told
 * as final: what lies above it has to stay undoable.
 */
export function finalFor(
  reverts: readonly FinalRevert[],
  chainId: number,
  number: number,
  position: Position,
): number {
  let lowest = number;
  for (const revert of reverts) {
    if (revert.chainId !== chainId || revert.position <= position) continue;
    lowest = Math.min(lowest, revert.fromNumber - 1);
  }
  return lowest;
}
