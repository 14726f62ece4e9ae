import { setTimeout as pause } from 'node:timers/promises';
import type { TransactionReceipt, TransactionResponse } from 'ethers';
import { DeploymentPlanError } from './errors.js';

/** A chain that is slow, or a price that is too low for it just now: who waits longer does better to look and to try again. */
const MINED_WITHIN_MS = 15 * 60_000;
const LOOK_AGAIN_MS = 250;

export interface MinedOptions {
  /** Blocks that it must have, its own included; default: 1. */
  readonly confirmations?: number;
  /** Milliseconds. */
  readonly withinMs?: number | undefined;
}

/**
 * What became of a transaction that makes a contract, once blocks have it. It is looked at from here: what ethers' own waiting fails at
 * nobody could catch.
 * @throws DeploymentPlanError where they have it not in time: it may be mined yet, and is found by who goes on then
 */
export async function mined(
  name: string,
  sent: TransactionResponse,
  { confirmations = 1, withinMs = MINED_WITHIN_MS }: MinedOptions = {},
): Promise<TransactionReceipt> {
  for (const giveUpAt = performance.now() + withinMs; ;) {
    const receipt = await sent.wait(0);
    if (receipt !== null && (confirmations === 1 || (await receipt.confirmations()) >= confirmations))
      return receipt;
    if (performance.now() >= giveUpAt) break;
    await pause(LOOK_AGAIN_MS);
  }
  const blocks = confirmations === 1 ? 'a block' : `${confirmations} blocks`;
  throw new DeploymentPlanError(
    `${name}: transaction ${sent.hash} had not ${blocks} within ${withinMs / 1000} s; try again, it is gone on with`,
  );
}

/**
 * Waits until the transaction that has a contract's nonce is in a block.
 * @throws DeploymentPlanError where it is not in time
 */
export async function nonceMined(
  name: string,
  isMined: () => Promise<boolean>,
  withinMs = MINED_WITHIN_MS,
): Promise<void> {
  for (const giveUpAt = performance.now() + withinMs; !(await isMined());) {
    if (performance.now() >= giveUpAt)
      throw new DeploymentPlanError(`${name}: its nonce is sent but not mined; try again`);
    await pause(LOOK_AGAIN_MS);
  }
}
