import type { LogStream } from '@abland/kernel';
import type { BlockReference } from '../blocks/chain-block.js';
import { findReorg } from './chain-window.js';
import type { ChainSource } from './follow-chain.js';
import { LinkedBlocks } from './linked-blocks.js';
import { chainTopic, type RevertedMessage } from './messages.js';
import { readMessage } from './read-message.js';
import { readUpTo } from './resume.js';

/** Hashes that one message tells. */
const HASHES_MAX = 2_000;

/**
 * What takes back all that the chain no longer has, final or not: an operator accepted its branch. As many messages as are needed,
 * newest blocks first; none where the chain has all of it.
 * @throws ReorgTooDeepError where none of the blocks is left that the log stream still keeps
 */
export async function acceptedReorg(
  logStream: LogStream,
  chainId: number,
  source: Pick<ChainSource, 'head' | 'headerAt'>,
): Promise<readonly RevertedMessage[]> {
  const blocks = await publishedBlocks(logStream, chainTopic(chainId));
  const { number } = await source.head();
  const window = { blocks: LinkedBlocks.of(blocks), finalized: null };
  const reorg = await findReorg(window, number, (at) => source.headerAt(at), 'ALSO_WHAT_IS_MISSING');
  return reorg === null ? [] : cutReorg(reorg, blocks);
}

/** Of the chain as it was told last; oldest first, as far back as messages are kept. */
async function publishedBlocks(logStream: LogStream, topic: string): Promise<readonly BlockReference[]> {
  const last = await logStream.last(topic);
  const blocks: BlockReference[] = [];
  if (last === null) return blocks;
  for await (const { value } of readUpTo(logStream, topic, null, last.offset)) {
    const read = readMessage(value);
    if (read.kind !== 'read') continue;
    const { message } = read;
    if (message.kind === 'block') {
      const { hash, number, time } = message.block;
      blocks.push({ hash, number, time });
    } else if (message.kind === 'reverted') {
      while ((blocks.at(-1)?.number ?? -1) > message.ancestor.number) blocks.pop();
    }
  }
  return blocks;
}

/** A reorg in as many messages as are needed, newest blocks first. @param blocks those that are taken back, among others */
export function cutReorg(
  { hashes, toNumber, ...rest }: RevertedMessage,
  blocks: readonly BlockReference[],
): readonly RevertedMessage[] {
  const byNumber = new Map(blocks.map((block) => [block.number, block]));
  const messages: RevertedMessage[] = [];
  for (let start = 0; start < hashes.length; start += HASHES_MAX) {
    const part = hashes.slice(start, start + HASHES_MAX);
    const fromNumber = toNumber - start - part.length + 1;
    const ancestor = byNumber.get(fromNumber - 1) ?? rest.ancestor;
    messages.push({
      ...{ kind: 'reverted', fromNumber, toNumber: toNumber - start, hashes: part, ancestor },
      isAccepted: true,
    });
  }
  return messages;
}
