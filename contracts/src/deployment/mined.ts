import { isError, type TransactionReceipt, type TransactionResponse } from 'ethers';
import { DeploymentPlanError } from './errors.js';

/** A chain that is slow, or a price that is too low for it just now: who waits longer does better to look and to try again. */
const MINED_WITHIN_MS = 15 * 60_000;

export interface MinedOptions {
  /** Blocks that it must have, its own included; default: 1. */
  readonly confirmations?: number;
  /** Milliseconds. */
  readonly withinMs?: number | undefined;
}

/**
 * What became of a transaction that makes a contract, once blocks have it.
 * @throws DeploymentPlanError where they have it not in time: it may be mined yet, and is found by who goes on then
 */
export async function mined(
  name: string,
  sent: TransactionResponse,
  { confirmations = 1, withinMs = MINED_WITHIN_MS }: MinedOptions = {},
): Promise<TransactionReceipt> {
  const receipt = await sent.wait(confirmations, withinMs).catch((error: unknown) => {
    if (!isError(error, 'TIMEOUT')) throw error;
    return null;
  });
  if (receipt !== null) return receipt;
  const blocks = confirmations === 1 ? 'a block' : `${confirmations} blocks`;
  throw new DeploymentPlanError(
    `${name}: transaction ${sent.hash} had not ${blocks} within ${withinMs / 1000} s; try again, it is gone on with`,
  );
}
