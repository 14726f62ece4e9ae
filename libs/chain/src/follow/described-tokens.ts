import type { HexData } from '@abland/domain';
import type { ChainBlock, DescribedToken } from '../blocks/chain-block.js';
import type { TokenDescriber } from '../tokens/token-describer.js';
import type { ChainMessage } from './messages.js';

/** That a token was asked, in a block that was published. */
export interface Asked {
  readonly token: HexData;
  readonly blockNumber: number;
  /** Whether somebody answered for all of it. */
  readonly answered: boolean;
}

/** So many are remembered: one who opens pools of unanswerable tokens makes nobody ask for ever, and takes no memory. */
const ASKED_MAX = 256;
/** Blocks after the first time, doubled each time, within which a token is asked again. */
const BLOCKS_MAX = 2 ** 20;

/** What is still to be asked again, and what would be if a reorg took its answer back, after one more message. */
export function advanceAsked(asked: readonly Asked[], message: ChainMessage): readonly Asked[] {
  if (message.kind === 'reverted') {
    const left = asked.filter(({ blockNumber }) => blockNumber <= message.ancestor.number);
    return left.length === asked.length ? asked : left;
  }
  if (message.kind !== 'block' || message.block.described === undefined) return asked;
  const { described, number: blockNumber } = message.block;
  const known = new Set(asked.map(({ token }) => token));
  const more = described
    .map((one) => ({ token: one.token, blockNumber, answered: isAnswered(one) }))
    .filter(({ answered, token }) => !answered || known.has(token));
  return more.length === 0 ? asked : [...asked, ...more].slice(-ASKED_MAX);
}

/**
 * Messages where each block tells what the tokens say of themselves whose pools it opens, or that are traded in it and were not asked
 * yet, as the describer finds them. One that nobody answered for is told of without an answer, and asked again 1, 2, 4, 8 … blocks
 * later, until there is one.
 * @param isOurs those whose facts tell what they are: nobody asks them
 */
export async function withDescriptions(
  messages: readonly ChainMessage[],
  start: readonly Asked[],
  describer: TokenDescriber,
  isOurs: (token: HexData) => boolean = () => false,
): Promise<readonly ChainMessage[]> {
  let asked = start;
  const told: ChainMessage[] = [];
  for (const message of messages) {
    const more =
      message.kind === 'block' ? await describedIn(message.block, asked, { describer, isOurs }) : [];
    const whole: ChainMessage =
      message.kind === 'block' && more.length > 0
        ? { ...message, block: { ...message.block, described: more } }
        : message;
    told.push(whole);
    asked = advanceAsked(asked, whole);
  }
  return told;
}

async function describedIn(
  block: ChainBlock,
  asked: readonly Asked[],
  { describer, isOurs }: { readonly describer: TokenDescriber; readonly isOurs: (token: HexData) => boolean },
): Promise<readonly DescribedToken[]> {
  const opened = describer.tokensOf(block.logs).filter((token) => !isOurs(token));
  const again = dueAt(block.number, asked).filter((token) => !opened.includes(token) && !isOurs(token));
  if (opened.length + again.length === 0) return [];
  const described = await describer.describe([...opened, ...again], block);
  // That still nobody answers was told.
  return described.filter((one, index) => index < opened.length || isAnswered(one));
}

/** Tokens that are to be asked again in a block. */
function dueAt(number: number, asked: readonly Asked[]): readonly HexData[] {
  if (asked.length === 0) return [];
  return [...Map.groupBy(asked, ({ token }) => token)].flatMap(([token, all]) => {
    const since = all.findLastIndex(({ answered }) => answered) + 1;
    const first = all[since];
    if (first === undefined) return [];
    const blocks = number - first.blockNumber;
    return blocks <= BLOCKS_MAX && Number.isInteger(Math.log2(blocks)) ? [token] : [];
  });
}

const isAnswered = ({ missing }: DescribedToken): boolean => !Object.values(missing).includes('UNANSWERED');
