import type { Hash, HexData } from '@abland/domain';
import { InconsistentBlockError } from '../rpc/errors.js';
import type { EarlierBlock } from '../blocks/chain-block.js';
import type { ChainMessage } from './messages.js';

/** What tells the logs of some contracts in blocks that were published without them. */
export interface EarlierLogsSource {
  /** Lower-case addresses whose logs its blocks have. */
  readonly followed: readonly HexData[];
  /** Blocks of a range, ends included, that have logs of these addresses, and the hash of the range's last block. */
  earlier(
    addresses: readonly HexData[],
    from: number,
    to: number,
  ): Promise<{ readonly blocks: readonly EarlierBlock[]; readonly lastHash: Hash | null }>;
}

/**
 * Messages where the first block brings along what contracts did before it that are followed from it on. Once a block says
 * that it has their logs, nothing is left to bring.
 * @param followed addresses whose logs the newest published block has; null where none was published
 * @throws InconsistentBlockError where the chain changed meanwhile
 */
export async function withEarlierLogs(
  messages: readonly ChainMessage[],
  followed: readonly HexData[] | null,
  source: EarlierLogsSource,
  startBlock: number,
): Promise<readonly ChainMessage[]> {
  const added = followed === null ? [] : source.followed.filter((address) => !followed.includes(address));
  const index = messages.findIndex(({ kind }) => kind === 'block');
  const first = messages[index];
  if (added.length === 0 || first?.kind !== 'block') return messages;
  const { block } = first;
  const { blocks, lastHash } = await source.earlier(added, startBlock, block.number - 1);
  if (lastHash !== block.parentHash) {
    throw new InconsistentBlockError(`Block ${block.hash} does not follow the blocks before it`, {
      number: block.number,
      parentHash: block.parentHash,
      found: lastHash,
    });
  }
  return messages.with(index, { kind: 'block', block: { ...block, earlier: blocks } });
}
