import type { HexData } from '@abland/domain';
import type { BlockReference } from '../blocks/chain-block.js';
import type { ChainMessage } from './messages.js';

/** Whose logs were published, and up to which block. Addresses are in lower case. */
export interface Coverage {
  /** Contracts whose logs the newest published block has, whether a reorg took it back or not. */
  readonly followed: readonly HexData[];
  /** Contracts whose logs it has not: the last block of which they were published. */
  readonly behind: Readonly<Record<HexData, BlockReference>>;
}

/** After one more message; null before the first block. */
export function advanceCoverage(coverage: Coverage | null, message: ChainMessage): Coverage | null {
  if (message.kind === 'block')
    return { followed: message.block.followed, behind: message.block.behind ?? {} };
  if (message.kind !== 'reverted' || coverage === null) return coverage;
  const { ancestor } = message;
  const entries = Object.entries(coverage.behind);
  if (entries.every(([, { number }]) => number <= ancestor.number)) return coverage;
  const behind = entries.map(
    ([at, block]) => [at, block.number > ancestor.number ? ancestor : block] as const,
  );
  return { ...coverage, behind: Object.fromEntries(behind) };
}
