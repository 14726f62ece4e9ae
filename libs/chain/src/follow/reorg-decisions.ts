import { REORG_GONE } from '@abland/domain';
import type { LogStream } from '@abland/kernel';
import type { BlockReference } from '../blocks/chain-block.js';
import { ReorgTooDeepError } from '../blocks/errors.js';
import { acceptedReorg } from './accepted-reorg.js';
import { type ChainWindow, tipOf } from './chain-window.js';
import type { ChainSource } from './follow-chain.js';
import type { RevertedMessage } from './messages.js';

/** Blocks that were taken back, and the newest that is left. */
export interface Taken {
  readonly blocks: number;
  readonly ancestor: BlockReference;
}

/** The newest published block of when a decision was begun; its number is not known of those of an earlier version. */
export interface DecidedTip {
  readonly hash: string;
  readonly number: number | null;
}

/** An operator accepted the branch of the provider in the place of ours. What came of it is told once. */
export interface ReorgDecision {
  readonly tip: DecidedTip;
  /**
   * All is taken back.
   * @param reached hash of the newest block that is left, where it is known
   * @param taken null where a run that ended took it back
   */
  readonly done: (reached: string | null, taken: Taken | null) => Promise<void>;
  readonly failed: (code: string, reason: string) => Promise<void>;
}

/** What operators decided for a chain. */
export interface ReorgDecisions {
  /** The one that waits, which is begun by that; null where none does. */
  readonly begin: (tip: DecidedTip) => Promise<ReorgDecision | null>;
  /** One that was begun, and of which nothing was told. */
  readonly begun: () => Promise<ReorgDecision | null>;
}

export const NO_DECISIONS: ReorgDecisions = {
  begin: () => Promise.resolve(null),
  begun: () => Promise.resolve(null),
};

export interface DecisionPorts {
  readonly chainId: number;
  readonly source: Pick<ChainSource, 'head' | 'headerAt'>;
  readonly logStream: LogStream;
  readonly publish: (message: RevertedMessage) => Promise<void>;
}

/**
 * Takes back what an operator accepted, and tells what came of it.
 * @throws ReorgTooDeepError where the log stream keeps none of the blocks that are left
 */
export async function carryOut(decision: ReorgDecision, ports: DecisionPorts): Promise<void> {
  const { chainId, logStream, publish, source } = ports;
  const messages = await acceptedReorg(logStream, chainId, source).catch(async (error: unknown) => {
    if (error instanceof ReorgTooDeepError) await decision.failed(error.code, error.message);
    throw error;
  });
  for (const message of messages) await publish(message);
  const ancestor = messages.at(-1)?.ancestor;
  const blocks = messages.reduce((count, { hashes }) => count + hashes.length, 0);
  if (ancestor === undefined) await decision.failed(REORG_GONE.code, REORG_GONE.reason);
  else await decision.done(ancestor.hash, { blocks, ancestor });
}

/**
 * Tells what came of a decision that a run began which ended before it told: once the chain is followed again.
 * @param resumed the chain as it was published when this run began
 */
export async function tellBegun(
  decisions: ReorgDecisions,
  resumed: ChainWindow,
  source: Pick<ChainSource, 'headerAt'>,
): Promise<void> {
  const decision = await decisions.begun();
  if (decision === null) return;
  if (await isPublished(decision.tip, resumed, source))
    await decision.failed(REORG_GONE.code, REORG_GONE.reason);
  else await decision.done(tipOf(resumed)?.hash ?? null, null);
}

/** Blocks may have come upon it since, by a run that ended before it told; below what is final the chain itself tells. */
async function isPublished(
  { hash, number }: DecidedTip,
  { blocks }: ChainWindow,
  source: Pick<ChainSource, 'headerAt'>,
): Promise<boolean> {
  if (blocks.has(hash)) return true;
  const isBelow = number !== null && blocks.oldest !== null && number < blocks.oldest.number;
  return isBelow && (await source.headerAt(number))?.hash === hash;
}
