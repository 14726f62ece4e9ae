import fc from 'fast-check';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { type EventStore, type Json, type Offset, type RecordedEvent, silentLogger } from '@abland/kernel';
import { MemoryLogStream } from '@abland/log-stream';
import { keccak256, toUtf8Bytes } from 'ethers';
import type { ChainBlock } from '../blocks/chain-block.js';
import type { ChainMessage } from '../follow/messages.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import { asMessage, CHAIN_ID, eventsIn, reverted, TOPIC, withLogs } from './chain-messages.fixture.js';
import { startIngester } from './ingester.js';
import { restoreChain } from './restore.js';
import { CONTRACTS, creationLog, feeLog } from './sample-logs.fixture.js';

/** What a chain does next, and whether its ingester starts again then. Numbers choose among what there is. */
type Step = { readonly restarts: boolean } & (
  | { readonly kind: 'grow'; readonly on: number }
  | { readonly kind: 'flip'; readonly to: number }
  | { readonly kind: 'finalize'; readonly up: number }
);

const [genesis] = new SimulatedChain(1).blocksNow.map((block) => withLogs(block, []));
const some = fc.nat(1_000);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ restarts: fc.boolean(), kind: fc.constant('grow' as const), on: some }),
  fc.record({ restarts: fc.boolean(), kind: fc.constant('flip' as const), to: some }),
  fc.record({ restarts: fc.boolean(), kind: fc.constant('finalize' as const), up: some }),
);

/** A chain whose branches come and go, final ones too. */
class Flipping {
  readonly #blocks: ChainBlock[] = [];
  branch: readonly ChainBlock[] = [];
  #final = 0;

  messages(step: Step): readonly ChainMessage[] {
    if (step.kind === 'finalize') return this.#finalize(step.up);
    const chosen = this.#blocks[(step.kind === 'grow' ? step.on : step.to) % this.#blocks.length];
    return this.#goTo(step.kind === 'grow' || chosen === undefined ? this.#grow(chosen) : chosen);
  }

  #grow(parent: ChainBlock | undefined): ChainBlock {
    if (genesis === undefined) throw new RangeError('No block');
    const [number, hash] = [(parent?.number ?? -1) + 1, keccak256(toUtf8Bytes(`${this.#blocks.length}`))];
    const block = { ...genesis, number, hash, parentHash: parent?.hash ?? genesis.parentHash };
    const made = withLogs(block, number === 0 ? [creationLog(0)] : [feeLog(0), feeLog(1)]);
    this.#blocks.push(made);
    return made;
  }

  #goTo(tip: ChainBlock): readonly ChainMessage[] {
    const next: ChainBlock[] = [];
    for (let block: ChainBlock | undefined = tip; block !== undefined; block = this.#parentOf(block))
      next.unshift(block);
    const same = this.branch.findIndex((block, index) => block.hash !== next[index]?.hash);
    const kept = same === -1 ? this.branch.length : same;
    const taken = this.branch.slice(kept);
    const ancestor = this.branch[kept - 1];
    this.branch = next;
    const isAccepted = ancestor !== undefined && ancestor.number < this.#final;
    if (isAccepted) this.#final = ancestor.number;
    const back = {
      ...(taken.length === 0 ? {} : reverted(taken, ancestor)),
      ...(isAccepted && { isAccepted }),
    };
    return [...(taken.length === 0 ? [] : [back as ChainMessage]), ...next.slice(kept).map(asMessage)];
  }

  #parentOf({ parentHash }: ChainBlock): ChainBlock | undefined {
    return this.#blocks.find(({ hash }) => hash === parentHash);
  }

  #finalize(up: number): readonly ChainMessage[] {
    const above = this.branch.slice(this.#final + 1);
    const final = above[up % Math.max(1, above.length)];
    if (final === undefined) return [];
    this.#final = final.number;
    return [{ kind: 'finalized', final: { number: final.number, hash: final.hash, time: final.time } }];
  }
}

interface Told {
  readonly branch: readonly string[];
  readonly events: readonly RecordedEvent[];
  readonly remembered: number;
}

/** Without a pause: very many are waited for. */
async function untilIngested(eventStore: EventStore, offset: Offset): Promise<void> {
  while ((await restoreChain(eventStore, CHAIN_ID)).offset !== offset) await sleep(0);
}

/** What the log holds after these steps. */
async function ingested(steps: readonly Step[], restarts: boolean): Promise<Told> {
  const [eventStore, logStream] = [new MemoryEventStore(), new MemoryLogStream()];
  const start = () =>
    startIngester({
      ...{ chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0, eventStore, logStream },
      logger: silentLogger,
    });
  const chain = new Flipping();
  let ingester = start();
  const grow: Step = { kind: 'grow', on: 0, restarts: false };
  for (const one of [grow, ...steps]) {
    for (const message of chain.messages(one)) {
      const offset = await logStream.publish(TOPIC, [message] as unknown as readonly Json[]);
      await untilIngested(eventStore, offset);
      if (!restarts || !one.restarts) continue;
      await ingester.stop();
      ingester = start();
    }
  }
  await ingester.stop();
  const { reverts, window } = await restoreChain(eventStore, CHAIN_ID);
  expect([...reverts.values()].every(({ number }) => number > (window.finalized?.number ?? -1))).toBe(true);
  const branch = chain.branch.map(({ hash }) => hash);
  return { branch, events: await eventsIn(eventStore, TOPIC), remembered: reverts.size };
}

/** The blocks that these events leave. */
function blocksLeft(events: readonly RecordedEvent[]): readonly string[] {
  const left: string[] = [];
  for (const { data, type } of events) {
    if (type === 'BlockIngested') left.push(String(data['hash']));
    if (type === 'BlocksReverted') left.splice(-(data['hashes'] as readonly string[]).length);
  }
  return left;
}

describe('blocks that return', () => {
  it('come with other ids each time, through any flips, also of final blocks, and with the same ones through any restarts', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 25 }), async (steps) => {
        const [once, again] = [await ingested(steps, false), await ingested(steps, true)];
        const ids = once.events.map(({ id }) => id);
        expect(new Set(ids).size).toBe(ids.length);
        expect(again.events.map(({ id }) => id)).toEqual(ids);
        expect(blocksLeft(again.events)).toEqual(again.branch);
      }),
      { numRuns: 40, endOnFailure: true },
    );
  });

  it('are remembered no longer than they may return without an operator', async () => {
    const grown = [0, 0, 1, 2].map((on): Step => ({ kind: 'grow', on, restarts: false }));
    const flips = Array.from({ length: 20 }, (_, index): Step => ({
      kind: 'flip',
      to: 1 + (index % 4),
      restarts: false,
    }));
    expect((await ingested([...grown, ...flips], false)).remembered).toBe(4);
    const final: Step = { kind: 'finalize', up: 1, restarts: false };
    expect((await ingested([...grown, ...flips, final], false)).remembered).toBe(0);
  });
});
