import { describe, expect, it } from '@jest/globals';
import type { ChainBlock, DescribedToken } from '../blocks/chain-block.js';
import type { BlockId } from '../asking/call-at-block.js';
import type { TokenDescriber } from '../tokens/token-describer.js';
import { advanceAsked, type Asked, withDescriptions } from './described-tokens.js';
import type { ChainMessage } from './messages.js';
import { SimulatedChain } from './simulated-chain.fixture.js';

const [FIRST, SECOND] = [`0x${'1'.repeat(40)}`, `0x${'2'.repeat(40)}`];
const SILENT = { name: 'UNANSWERED', symbol: 'UNANSWERED', decimals: 'UNANSWERED' } as const;
const TOLD = { name: null, symbol: null, decimals: null };

/** Opens a pool of a token where a log says so; answers as long as it is not told to be silent. */
class Describer implements TokenDescriber {
  silent = false;
  readonly asked: string[] = [];
  tokensOf(logs: ChainBlock['logs']): readonly string[] {
    return logs.map(({ address }) => address);
  }
  async describe(tokens: readonly string[], { number }: BlockId): Promise<readonly DescribedToken[]> {
    this.asked.push(...tokens.map((token) => `${token.slice(2, 3)}@${number}`));
    const told = this.silent ? null : 'T';
    return tokens.map((token) => ({
      ...{ token, name: told, symbol: told, decimals: this.silent ? null : 1 },
      ...{ missing: this.silent ? SILENT : TOLD, state: 'BLOCK' },
    }));
  }
}

describe('the tokens whose pools are opened', () => {
  const chain = new SimulatedChain(80);
  const block = (number: number, ...tokens: readonly string[]): ChainMessage => {
    const found = chain.blocksNow[number];
    if (found === undefined) throw new RangeError('No such block');
    const logs = tokens.map((address) => ({
      address,
      topics: [],
      data: '0x',
      txHash: found.hash,
      logIndex: 0,
    }));
    return { kind: 'block', block: { ...found, logs } };
  };
  const rest = (from: number, to: number): readonly ChainMessage[] =>
    Array.from({ length: to - from + 1 }, (_, index) => block(from + index));
  const toldOf = (messages: readonly ChainMessage[]): readonly string[] =>
    messages.flatMap((message) =>
      message.kind === 'block'
        ? (message.block.described ?? []).map(
            ({ name, token }) => `${token.slice(2, 3)}@${message.block.number}: ${name}`,
          )
        : [],
    );

  it('are described in the block that opens the pool, and in no other', async () => {
    const messages = [block(0), block(1, FIRST, SECOND), block(2)];
    const told = await withDescriptions(messages, [], new Describer());
    expect(toldOf(told)).toEqual(['1@1: T', '2@1: T']);
    expect(told[0]).toEqual(messages[0]);
  });

  it('are asked again ever less often where nobody answers, and told of once somebody does', async () => {
    const describer = new Describer();
    describer.silent = true;
    const before = await withDescriptions([block(0), block(1, FIRST), ...rest(2, 30)], [], describer);
    expect(toldOf(before)).toEqual(['1@1: null']);
    expect(describer.asked).toEqual(['1@1', '1@2', '1@3', '1@5', '1@9', '1@17']);
    describer.silent = false;
    const after = await withDescriptions(rest(31, 79), before.reduce(advanceAsked, []), describer);
    expect(toldOf(after)).toEqual(['1@33: T']);
    expect(describer.asked.slice(6)).toEqual(['1@33']);
  });

  it('are asked again where a reorg takes their answer back', async () => {
    const describer = new Describer();
    describer.silent = true;
    const opened = await withDescriptions([block(1, FIRST)], [], describer);
    describer.silent = false;
    const answered = await withDescriptions(rest(2, 3), opened.reduce(advanceAsked, []), describer);
    expect(toldOf(answered)).toEqual(['1@2: T']);
    const [first] = chain.blocksNow.slice(1, 2);
    if (first === undefined) throw new RangeError('No such block');
    const { number, hash, time } = first;
    const back: ChainMessage = {
      ...{ kind: 'reverted', fromNumber: 2, toNumber: 3, hashes: [] },
      ancestor: { number, hash, time },
    };
    const asked = [...opened, ...answered, back].reduce(advanceAsked, []);
    expect(toldOf(await withDescriptions(rest(2, 3), asked, describer))).toEqual(['1@2: T']);
    const gone: ChainMessage = { ...back, ancestor: { number: 0, hash, time } };
    expect([...opened, gone].reduce(advanceAsked, [] as readonly Asked[])).toEqual([]);
  });

  it('take bounded memory, however many nobody answers for', async () => {
    const describer = new Describer();
    describer.silent = true;
    const tokens = Array.from({ length: 1_000 }, (_, index) => `0x${index.toString(16).padStart(40, '0')}`);
    const told = await withDescriptions([block(1, ...tokens)], [], describer);
    expect(told.reduce(advanceAsked, [] as readonly Asked[])).toHaveLength(256);
  });
});
