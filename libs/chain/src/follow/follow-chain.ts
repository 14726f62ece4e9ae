import type { HexData } from '@abland/domain';
import { retrying } from '@abland/kernel';
import type { BlockReference, ChainBlock, TokensInOrder } from '../blocks/chain-block.js';
import { InconsistentBlockError } from '../rpc/errors.js';
import {
  advanceWindow,
  findReorg,
  type FinalityNow,
  newlyFinal,
  tipOf,
  type ChainWindow,
  type LinkedHeader,
} from './chain-window.js';
import { HeldBlocks } from './held-blocks.js';
import type { ChainMessage } from './messages.js';
import { inOrder, splitRange } from './ordered-ranges.js';

/** The newest block of a chain, and who told it, by its URL without what may be a key. */
export interface ToldHead extends BlockReference {
  readonly provider: string;
  /** Whether no transaction is in it. */
  readonly isEmpty: boolean;
}

/** What the follower needs to see of a chain. */
export interface ChainSource {
  /** Lower-case addresses whose logs its blocks have. */
  readonly followed: readonly HexData[];
  head(): Promise<ToldHead>;
  /** Null where the chain is not that long. */
  headerAt(number: number): Promise<LinkedHeader | null>;
  /** Where the tokens that are followed are told, some logs of others may be left unread. */
  blocks(from: number, to: number, tokens?: TokensInOrder): Promise<readonly ChainBlock[]>;
}

export interface FollowOptions {
  readonly startBlock: number;
  /** Blocks on top of a block until it is final; beside `finalized`, only while that is ahead of what was read. */
  readonly finalityDepth: number;
  /** The newest block that the chain itself calls final, null where it calls none so; absent: depth alone counts. */
  readonly finalized?: () => Promise<BlockReference | null>;
  /** Blocks asked for at once while behind. */
  readonly rangeSize: number;
  /** Those whose logs are wanted; absent: of all. */
  readonly tokensFollowed?: TokensInOrder | undefined;
  /** Ranges asked for at the same time while behind; bounds memory. */
  readonly parallelRanges: number;
}

const RANGE_RETRIES = { attemptsMax: 5, pauseMs: { min: 50, max: 1_000 } };

/**
 * Everything that the chain has beyond the window, as batches of messages in order; ends where the head is reached. Far behind it,
 * blocks are told once they are final, the last ones as they are: a batch without a message says that blocks were read.
 * Nothing is remembered: after any error the same call with the window of what was taken goes on.
 * @throws ReorgTooDeepError
 */
export async function* catchUp(
  source: ChainSource,
  start: ChainWindow,
  options: FollowOptions,
  onHead: (head: ToldHead) => void = () => undefined,
): AsyncGenerator<readonly ChainMessage[]> {
  let window = start;
  // Whether a block came that does not continue the window.
  let branched = false;
  for (;;) {
    const head = await source.head();
    onHead(head);
    const finality = await finalityNow(options);
    const tip = tipOf(window);
    if (tip !== null && (branched || head.number <= tip.number)) {
      const reverted = await reorgAt(source, window, head);
      if (reverted !== null) {
        branched = false;
        window = advanceWindow(window, reverted);
        yield [reverted];
        continue;
      }
      if (branched) {
        throw new InconsistentBlockError(`The block after ${tip.hash} has another parent`, { ...tip });
      }
      // At the head, or the provider is behind us on our own branch: it will come.
      const final = newlyFinal(window, finality);
      if (final !== null) yield [{ kind: 'finalized', final, tip: tip?.number ?? final.number }];
      return;
    }
    const from = tip === null ? options.startBlock : tip.number + 1;
    if (from > head.number) return;
    const ranges = splitRange(from, head.number, options.rangeSize);
    const reads = inOrder(ranges, options.parallelRanges, ({ from: first, to }) =>
      // One request that fails does not throw away what others have read meanwhile.
      retrying(() => source.blocks(first, to, options.tokensFollowed), RANGE_RETRIES),
    );
    const held = new HeldBlocks();
    try {
      for await (const blocks of reads) {
        const linked = link(window, blocks, finality);
        branched = linked === null;
        if (linked === null) break;
        window = linked.window;
        const isLast = tipOf(window)?.number === head.number;
        yield isLast ? held.end(blocks, linked.final) : held.add(blocks, linked.final);
      }
    } catch (error) {
      yield* inOneBatch(held.end()); // what was read before is not lost with what could not be
      throw error;
    }
    yield* inOneBatch(held.end());
  }
}

function* inOneBatch(messages: readonly ChainMessage[]): Generator<readonly ChainMessage[]> {
  if (messages.length > 0) yield messages;
}

/** The reorg that a head not on our branch stands for; null where it is on it. */
async function reorgAt(
  source: ChainSource,
  window: ChainWindow,
  head: BlockReference,
): Promise<ChainMessage | null> {
  const { oldest } = window.blocks;
  // A head below all that is not final says nothing: a provider that lags.
  if (oldest !== null && head.number < oldest.number) return null;
  if (window.blocks.withNumber(head.number)?.hash === head.hash) return null;
  return findReorg(window, head.number, (number) => source.headerAt(number));
}

/** The window after blocks that continue it, and what became final with them; null where they do not. */
function link(
  start: ChainWindow,
  blocks: readonly ChainBlock[],
  finality: FinalityNow,
): { readonly final: BlockReference | null; readonly window: ChainWindow } | null {
  const first = blocks[0];
  const tip = tipOf(start);
  if (first === undefined || (tip !== null && first.parentHash !== tip.hash)) return null;
  let window = start;
  for (const block of blocks) window = advanceWindow(window, { kind: 'block', block });
  const final = newlyFinal(window, finality);
  return { final, window: final === null ? window : advanceWindow(window, { kind: 'finalized', final }) };
}

async function finalityNow({ finalityDepth: depth, finalized }: FollowOptions): Promise<FinalityNow> {
  return finalized === undefined ? { depth } : { depth, told: await finalized() };
}
