import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { RpcUnavailableError } from '../rpc/errors.js';
import { advanceWindow, EMPTY_WINDOW, type ChainWindow } from './chain-window.js';
import { catchUp, type FollowOptions } from './follow-chain.js';
import type { ChainMessage } from './messages.js';
import { PROVIDER, SimulatedChain } from './simulated-chain.fixture.js';

const OPTIONS: FollowOptions = { startBlock: 0, finalityDepth: 5, rangeSize: 3, parallelRanges: 4 };

/** Follows to the head; the messages, and the window after them. */
async function follow(
  chain: SimulatedChain,
  start: ChainWindow = EMPTY_WINDOW,
  options: Partial<FollowOptions> = {},
): Promise<{ messages: ChainMessage[]; window: ChainWindow }> {
  const messages: ChainMessage[] = [];
  for await (const batch of catchUp(chain, start, { ...OPTIONS, ...options })) messages.push(...batch);
  return { messages, window: messages.reduce(advanceWindow, start) };
}

/** The chain that a reader of the messages believes in. */
function fold(messages: readonly ChainMessage[]): string[] {
  const hashes: string[] = [];
  for (const message of messages) {
    if (message.kind === 'block') {
      expect(message.block.number).toBe(hashes.length);
      hashes.push(message.block.hash);
    }
    if (message.kind === 'reverted') {
      expect(message.hashes).toEqual(hashes.splice(message.fromNumber).reverse());
      expect(hashes.at(-1)).toBe(message.ancestor.hash);
    }
  }
  return hashes;
}

const hashesOf = (chain: SimulatedChain): string[] => chain.blocksNow.map(({ hash }) => hash);

describe('following a chain', () => {
  it('gives every block from the start block on, in order, however ranges are asked for (ponder#974)', async () => {
    const chain = new SimulatedChain(20);
    const { messages } = await follow(chain, EMPTY_WINDOW, { startBlock: 4 });
    const numbers = messages.flatMap((message) => (message.kind === 'block' ? [message.block.number] : []));
    expect(numbers).toEqual(Array.from({ length: 16 }, (_, index) => index + 4));
    expect(chain.asked.slice(0, 2)).toEqual([
      { from: 4, to: 5 },
      { from: 6, to: 8 },
    ]);
  });

  it('says what is final by depth, never anything newer', async () => {
    const chain = new SimulatedChain(20);
    const { messages, window } = await follow(chain);
    const final = messages.flatMap((message) => (message.kind === 'finalized' ? [message.final.number] : []));
    expect(final.at(-1)).toBe(14);
    expect(final).toEqual(final.toSorted((a, b) => a - b));
    expect([...window.blocks].map(({ number }) => number)).toEqual([14, 15, 16, 17, 18, 19]);
  });

  it('tells, far behind the head, no block that is not final with what is told', async () => {
    const chain = new SimulatedChain(40);
    const batches: (readonly ChainMessage[])[] = [];
    for await (const batch of catchUp(chain, EMPTY_WINDOW, OPTIONS)) batches.push(batch);
    expect(batches.every((batch) => batch.length > 0)).toBe(false);
    for (const batch of batches.slice(0, -1).filter(({ length }) => length > 0)) {
      const blocks = batch.flatMap((message) => (message.kind === 'block' ? [message.block.number] : []));
      expect(batch.at(-1)).toMatchObject({ kind: 'finalized', final: { number: blocks.at(-1) } });
    }
    expect(batches.length).toBeGreaterThan(5);
    expect(fold(batches.flat())).toEqual(hashesOf(chain));
  });

  it('tells what it has read before a range that cannot be had', async () => {
    const chain = new SimulatedChain(20);
    const blocks = chain.blocks.bind(chain);
    chain.blocks = (from, to) =>
      from < 12 ? blocks(from, to) : Promise.reject(new RangeError('not this range'));
    const messages: ChainMessage[] = [];
    const following = async (): Promise<void> => {
      for await (const batch of catchUp(chain, EMPTY_WINDOW, OPTIONS)) messages.push(...batch);
    };
    await expect(following()).rejects.toThrow('not this range');
    expect(fold(messages)).toEqual(hashesOf(chain).slice(0, 12));
  });

  describe('where the chain itself tells what is final', () => {
    const told = (chain: SimulatedChain, number: () => number | null): Partial<FollowOptions> => ({
      finalized: async () => {
        const at = number();
        return at === null
          ? null
          : (chain.blocksNow[at] ?? { number: at, hash: `0x${'99'.repeat(32)}`, time: 0 });
      },
    });
    const finalOf = (messages: readonly ChainMessage[]): number[] =>
      messages.flatMap((message) => (message.kind === 'finalized' ? [message.final.number] : []));

    it('takes its word, however deep that is, also without a new block', async () => {
      const chain = new SimulatedChain(20);
      let number: number | null = null;
      const options = told(chain, () => number);
      const { messages, window } = await follow(chain, EMPTY_WINDOW, options);
      expect(finalOf(messages)).toEqual([]);
      number = 3;
      const more = await follow(chain, window, options);
      expect(more.messages).toMatchObject([{ kind: 'finalized', final: { number: 3 }, tip: 19 }]);
      expect((await follow(chain, more.window, options)).messages).toEqual([]);
    });

    it('never goes back, nor by the word of another branch (bsc#1683)', async () => {
      const chain = new SimulatedChain(20);
      const { window } = await follow(
        chain,
        EMPTY_WINDOW,
        told(chain, () => 12),
      );
      expect(
        (
          await follow(
            chain,
            window,
            told(chain, () => 9),
          )
        ).messages,
      ).toEqual([]);
      const stranger = { number: 15, hash: `0x${'98'.repeat(32)}`, time: 0 };
      const lying = { finalized: () => Promise.resolve(stranger) };
      expect((await follow(chain, window, lying)).messages).toEqual([]);
    });

    it('takes, while it is far behind that, what lies deep below what it has read', async () => {
      const chain = new SimulatedChain(20);
      const { messages, window } = await follow(
        chain,
        EMPTY_WINDOW,
        told(chain, () => 17),
      );
      expect(finalOf(messages)).toEqual([0, 3, 6, 9, 17]);
      expect([...window.blocks].map(({ number }) => number)).toEqual([17, 18, 19]);
    });
  });

  it('asks for nothing more than the head while nothing is new', async () => {
    const chain = new SimulatedChain(8);
    const { window } = await follow(chain);
    chain.asked.length = 0;
    expect((await follow(chain, window)).messages).toEqual([]);
    expect(chain.asked).toEqual([]);
  });

  it('waits for a provider that lags behind on the same branch (ponder#2221)', async () => {
    const chain = new SimulatedChain(12);
    const { window } = await follow(chain);
    const ahead = chain.shrink(3);
    expect((await follow(chain, window)).messages).toEqual([]);
    const further = chain.shrink(8);
    expect((await follow(chain, window)).messages).toEqual([]);
    chain.restore([...further, ...ahead]);
    chain.grow(1);
    expect((await follow(chain, window)).messages.map(({ kind }) => kind)).toEqual(['block', 'finalized']);
  });

  it('believes no reorg where a node has nothing below the head that it told, or what is not linked (graph-node#5586)', async () => {
    const chain = new SimulatedChain(12);
    const { window } = await follow(chain);
    const truth = chain.headerAt.bind(chain);
    const head = { number: 11, hash: `0x${'99'.repeat(32)}`, time: 1, provider: PROVIDER, isEmpty: true };
    chain.head = () => Promise.resolve(head);
    const stranger = { hash: `0x${'98'.repeat(32)}`, parentHash: `0x${'97'.repeat(32)}`, provider: PROVIDER };
    const lies: ((number: number) => ReturnType<typeof truth>)[] = [
      async (number) => (number > 9 ? null : truth(number)), // another node behind the same address
      async (number) => (number > 9 ? stranger : truth(number)),
      async () => stranger,
    ];
    for (const lie of lies) {
      chain.headerAt = lie;
      await expect(follow(chain, window)).rejects.toMatchObject({ code: 'CHAIN_DATA_INCONSISTENT' });
    }
    chain.headerAt = truth; // the head alone was told wrongly
    expect((await follow(chain, window)).messages).toEqual([]);
  });

  it('reads each range once, though a request for one of them fails (ponder#1008)', async () => {
    const chain = new SimulatedChain(30);
    const truth = chain.blocks.bind(chain);
    let failures = 2;
    chain.blocks = async (from, to) => {
      if (from === 6 && failures > 0) {
        failures -= 1;
        throw new RpcUnavailableError('for a moment');
      }
      return truth(from, to);
    };
    const { messages } = await follow(chain);
    expect(fold(messages)).toEqual(hashesOf(chain));
    expect(chain.asked.map(({ from }) => from).toSorted((a, b) => a - b)).toEqual([
      ...[0, 3, 6, 9, 12, 15, 18, 21, 24, 27],
    ]);
  });

  it.each([
    ['longer', 4],
    ['as long', 3],
    ['shorter', 2],
  ])('takes back three blocks for a branch that is %s', async (_, grown) => {
    const chain = new SimulatedChain(10);
    const { messages, window } = await follow(chain);
    chain.shrink(3);
    chain.grow(grown);
    const more = await follow(chain, window);
    expect(more.messages[0]).toMatchObject({ kind: 'reverted', fromNumber: 7, toNumber: 9 });
    expect(fold([...messages, ...more.messages])).toEqual(hashesOf(chain));
  });

  it('stops at a reorg below what is final, having told nothing of it (ponder#1657)', async () => {
    const chain = new SimulatedChain(12);
    const { window } = await follow(chain);
    const hash = chain.blocksNow[6]?.hash;
    chain.shrink(6);
    chain.grow(7);
    const found = chain.blocksNow[6]?.hash;
    await expect(follow(chain, window)).rejects.toMatchObject({
      code: 'REORG_TOO_DEEP',
      failureClass: 'WRONG',
      details: { oldest: 6, hash, found, finalized: 6 },
    });
  });

  it('takes back as many blocks as are not final', async () => {
    const chain = new SimulatedChain(12);
    const { messages, window } = await follow(chain);
    chain.shrink(5);
    chain.grow(6);
    expect(fold([...messages, ...(await follow(chain, window)).messages])).toEqual(hashesOf(chain));
  });

  it('refuses a block whose parent is no block of the chain', async () => {
    const chain = new SimulatedChain(4);
    const { window } = await follow(chain);
    chain.grow(1);
    const lying = chain.blocksNow[4];
    if (lying !== undefined) chain.blocksNow[4] = { ...lying, parentHash: `0x${'ee'.repeat(32)}` };
    await expect(follow(chain, window)).rejects.toMatchObject({
      code: 'CHAIN_DATA_INCONSISTENT',
      failureClass: 'ANOTHER',
    });
  });

  it('tells the chain as it is after any growth, reorgs and restarts at any batch (ponder#1524, graph-node#5101)', async () => {
    const steps = fc.array(fc.record({ shrink: fc.nat(5), grow: fc.integer({ min: 1, max: 12 }) }), {
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.nat(3), { maxLength: 20 }), async (changes, interruptions) => {
        const chain = new SimulatedChain(7);
        const messages: ChainMessage[] = [];
        let window = EMPTY_WINDOW;
        const followInterrupted = async (): Promise<void> => {
          for (;;) {
            let left = interruptions.shift() ?? Number.POSITIVE_INFINITY;
            let finished = true;
            for await (const batch of catchUp(chain, window, OPTIONS)) {
              messages.push(...batch);
              window = batch.reduce(advanceWindow, window);
              left -= 1;
              if (left > 0) continue;
              finished = false;
              break;
            }
            if (finished) return;
          }
        };
        await followInterrupted();
        for (const { shrink, grow } of changes) {
          chain.shrink(shrink);
          chain.grow(Math.max(grow, shrink));
          await followInterrupted();
        }
        expect(fold(messages)).toEqual(hashesOf(chain));
      }),
      { numRuns: 60 },
    );
  });
});
