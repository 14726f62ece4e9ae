import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '@abland/testing/eventually';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { getAddress } from 'ethers';
import type { BlocksReverted } from '@abland/domain';
import {
  EventStoreUnavailableError,
  silentLogger,
  WrongExpectedRevisionError,
  type EventStore,
  type Json,
  type LogStream,
  type RecordedEvent,
} from '@abland/kernel';
import type { ChainBlock } from '../blocks/chain-block.js';
import type { ChainMessage } from '../follow/messages.js';
import { SimulatedChain } from '../follow/simulated-chain.fixture.js';
import {
  asMessage,
  CHAIN_ID,
  eventsIn,
  reverted,
  TOPIC,
  untilFailed,
  withLogs,
  untilEvents,
} from './chain-messages.fixture.js';
import { startIngester, type Ingester, type IngesterOptions } from './ingester.js';
import {
  COMMAND,
  CONTRACTS,
  creationLog,
  feeLog,
  FOREIGN_TOKEN,
  TOKEN,
  transferLog,
  TX,
  USER,
} from './sample-logs.fixture.js';

export interface IngestParts {
  readonly eventStore: EventStore;
  readonly logStream: LogStream;
  close(): Promise<void>;
}

/** What must hold on every event store and log stream. */
export function ingestLaws(openParts: () => Promise<IngestParts>): void {
  let parts: IngestParts;
  let ingester: Ingester | null = null;

  beforeEach(async () => {
    parts = await openParts();
  });
  afterEach(async () => {
    await ingester?.stop();
    ingester = null;
    await parts.close();
  });

  const open = (options: Partial<IngesterOptions> = {}): Ingester =>
    startIngester({
      ...{ chainId: CHAIN_ID, contracts: CONTRACTS, startBlock: 0, logger: silentLogger },
      ...parts,
      ...options,
    });
  async function start(options: Partial<IngesterOptions> = {}): Promise<Ingester> {
    ingester = open(options);
    return ingester;
  }
  const publish = (messages: readonly ChainMessage[]): Promise<bigint> =>
    parts.logStream.publish(TOPIC, messages as readonly Json[]);

  const stream = (name = TOPIC): Promise<RecordedEvent[]> => eventsIn(parts.eventStore, name);
  const types = async (): Promise<string[]> => (await stream()).map(({ type }) => type);
  const until = (count: number, name = TOPIC): Promise<RecordedEvent[]> =>
    untilEvents(parts.eventStore, count, name);
  /** Takes so many appends and then none any more, as a process that is killed. */
  function dyingAfter(appendsMax: number): { readonly store: EventStore; readonly isDead: () => boolean } {
    let [appends, isDead] = [0, false];
    const append: EventStore['append'] = async (...args) => {
      isDead ||= appends === appendsMax;
      if (isDead) throw new Error('crashed');
      appends += 1;
      return parts.eventStore.append(...args);
    };
    const store = Object.assign(Object.create(parts.eventStore) as EventStore, { append });
    return { store, isDead: () => isDead };
  }

  it('appends the facts of a block in order, of our tokens alone, closed by the block', async () => {
    const chain = new SimulatedChain(2);
    const logs = [
      transferLog(TOKEN, 0),
      creationLog(1),
      transferLog(FOREIGN_TOKEN, 2),
      transferLog(TOKEN, 3),
    ];
    await start();
    await publish([
      asMessage(withLogs(chain.blocksNow[0], [])),
      asMessage(withLogs(chain.blocksNow[1], logs)),
    ]);
    const events = await until(5);
    expect(events.map(({ type }) => type)).toEqual([
      'BlockIngested',
      'Transfer',
      'TokenCreated',
      'Transfer',
      'BlockIngested',
    ]);
    expect(events[1]).toMatchObject({
      data: { contract: getAddress(TOKEN), to: getAddress(USER), amount: '5' },
      metadata: {
        correlationId: chain.blocksNow[1]?.hash,
        causationId: null,
        actor: 'chain',
        chain: { blockNumber: 1, logIndex: 0, txHash: TX, commandId: COMMAND },
      },
    });
    expect(events[4]?.data).toMatchObject({
      number: 1,
      facts: 3,
      commandIds: [COMMAND],
      proof: 'BLOOM',
      providers: 1,
    });
  });

  it('keeps two chains apart that have the same contracts, blocks and transactions', async () => {
    const other = 313370; // its stream's name begins as the other's
    const logStream = parts.logStream;
    const chain = new SimulatedChain(3);
    const [first, second, third] = chain.blocksNow;
    // The token is created on the other chain alone; here a stranger's lies at its address.
    const there = [
      withLogs(first, []),
      withLogs(second, [creationLog(0)]),
      withLogs(third, [transferLog(TOKEN, 0)]),
    ];
    const here = [
      withLogs(first, []),
      withLogs(second, [feeLog(0)]),
      withLogs(third, [transferLog(TOKEN, 0), feeLog(1)]),
    ];
    for (let restarts = 0; restarts < 2; restarts += 1) {
      const mine = await start();
      const others = open({ chainId: other });
      const upTo = restarts === 0 ? 2 : 3;
      await logStream.publish(`chain-${other}`, there.slice(0, upTo).map(asMessage) as readonly Json[]);
      await publish(here.slice(0, upTo).map(asMessage));
      await until(restarts === 0 ? 3 : 5);
      await until(restarts === 0 ? 3 : 5, `chain-${other}`);
      await mine.stop();
      await others.stop();
    }
    const [ours, theirs] = [await stream(), await stream(`chain-${other}`)];
    expect(theirs.map(({ type }) => type).slice(1)).toEqual([
      'TokenCreated',
      'BlockIngested',
      'Transfer',
      'BlockIngested',
    ]);
    expect(ours.map(({ type }) => type).slice(1)).toEqual([
      'CreationFeeUpdated',
      'BlockIngested',
      'CreationFeeUpdated',
      'BlockIngested',
    ]);
    expect(new Set([...ours, ...theirs].map((event) => event.id)).size).toBe(10);
    for (const { metadata } of ours) expect(metadata.chain?.chainId).toBe(CHAIN_ID);
    for (const { metadata } of theirs) expect(metadata.chain?.chainId).toBe(other);
  });

  it('knows its tokens again after a restart', async () => {
    const chain = new SimulatedChain(3);
    const [first, second, third] = chain.blocksNow;
    await start();
    await publish([asMessage(withLogs(first, [])), asMessage(withLogs(second, [creationLog(0)]))]);
    await until(3);
    await ingester?.stop();
    await start();
    await publish([asMessage(withLogs(third, [transferLog(TOKEN, 0)]))]);
    expect((await until(5)).map(({ type }) => type).slice(3)).toEqual(['Transfer', 'BlockIngested']);
  });

  it('stores messages once that are delivered again, and after any restart', async () => {
    const chain = new SimulatedChain(8);
    const messages = chain.blocksNow.map((block) => asMessage(withLogs(block, [creationLog(0)])));
    const final: ChainMessage = { kind: 'finalized', final: await chain.head() };
    for (let count = 1; count <= 8; count += 1) {
      await start();
      // The whole history again, and one more.
      await publish([...messages.slice(0, count), ...messages.slice(0, count)]);
      await until(2 * count);
      await ingester?.stop();
    }
    await start();
    await publish([final, final, ...messages]);
    await until(17);
    await sleep(50);
    const events = await stream();
    expect(events).toHaveLength(17);
    expect(new Set(events.map((event) => event.id)).size).toBe(17);
  });

  it('refuses messages that leave one out or come in another order, and appends nothing for them', async () => {
    const chain = new SimulatedChain(4);
    const [first, second, third, fourth] = chain.blocksNow.map((block) => asMessage(withLogs(block, [])));
    if (!first || !second || !third || !fourth) throw new RangeError('No such block');
    const running = await start();
    await publish([first, second]);
    await until(2);
    await publish([fourth, third]);
    await untilFailed(running, 'CHAIN_MESSAGE_OUT_OF_ORDER');
    expect(running.status().state).toBe('FAILED');
    expect(await types()).toHaveLength(2);
  });

  it('appends a reorg as a fact and the blocks of the new branch, also when an old branch returns', async () => {
    const chain = new SimulatedChain(4);
    const block = (one: ChainBlock): ChainMessage => asMessage(withLogs(one, [creationLog(0)]));
    const ancestor = chain.blocksNow[1];
    const first = chain.blocksNow.map(block);
    const branchA = chain.shrink(2);
    chain.grow(2);
    const branchB = chain.blocksNow.slice(2);
    const messages = [
      ...first,
      reverted(branchA, ancestor),
      ...branchB.map(block),
      reverted(branchB, ancestor),
      ...branchA.map(block),
      reverted(branchA, ancestor),
      ...branchB.map(block),
    ];
    let expected = 0;
    for (const message of messages) {
      expected += message.kind === 'reverted' ? 1 : 2;
      await start();
      await publish([message]);
      await until(expected);
      await ingester?.stop();
    }
    const events = await stream();
    expect(events).toHaveLength(8 + 3 * 5);
    const hashes: string[] = [];
    for (const { type, data } of events) {
      if (type === 'BlockIngested') hashes.push(String(data['hash']));
      if (type !== 'BlocksReverted') continue;
      const taken = (data as BlocksReverted['data']).hashes;
      expect(hashes.splice(-taken.length).reverse()).toEqual(taken);
    }
    expect(hashes).toEqual(chain.blocksNow.map(({ hash }) => hash));
  });

  it('completes a block that is too large for one append after a crash between its parts', async () => {
    const chain = new SimulatedChain(2);
    const logs = Array.from({ length: 10 }, (_, index) =>
      index === 0 ? creationLog(0) : transferLog(TOKEN, index),
    );
    await publish([
      asMessage(withLogs(chain.blocksNow[0], [])),
      asMessage(withLogs(chain.blocksNow[1], logs)),
    ]);
    const appendLimits = { eventsMax: 3, bytesMax: 900_000 };
    for (let crashes = 0; crashes < 6; crashes += 1) {
      const dying = dyingAfter(1);
      const running = await start({ eventStore: dying.store, appendLimits });
      await eventually(async () => expect(dying.isDead() || (await stream()).length === 12).toBe(true));
      await running.stop();
    }
    const events = await stream();
    expect(events.map(({ type }) => type)).toEqual([
      'BlockIngested',
      'TokenCreated',
      ...Array.from({ length: 9 }, () => 'Transfer'),
      'BlockIngested',
    ]);
    expect(events.at(-1)?.data['facts']).toBe(10);
  });

  it('reads the end of the log again where another writer came first', async () => {
    const chain = new SimulatedChain(2);
    const logs = Array.from({ length: 4 }, (_, index) =>
      index === 0 ? creationLog(0) : transferLog(TOKEN, index),
    );
    let outrun = 0;
    const contested: EventStore = Object.assign(Object.create(parts.eventStore) as EventStore, {
      append: async (...[name, events, expected]: Parameters<EventStore['append']>) => {
        // The other is an ingester too, and is within the same block.
        if (events.length > 2 && outrun++ === 0) {
          await parts.eventStore.append(name, events.slice(0, 2), expected);
          throw new WrongExpectedRevisionError(name, expected, null);
        }
        return parts.eventStore.append(name, events, expected);
      },
    });
    await start({ eventStore: contested });
    await publish([
      asMessage(withLogs(chain.blocksNow[0], [])),
      asMessage(withLogs(chain.blocksNow[1], logs)),
    ]);
    await until(6);
    expect(outrun).toBeGreaterThan(0);
    expect(await types()).toEqual([
      'BlockIngested',
      'TokenCreated',
      'Transfer',
      'Transfer',
      'Transfer',
      'BlockIngested',
    ]);
  });

  it('appends what came along of earlier blocks in their own places, before the block that brings it', async () => {
    const chain = new SimulatedChain(3);
    const [first, second, third] = chain.blocksNow;
    if (first === undefined || second === undefined || third === undefined) throw new RangeError('No block');
    const earlier = [first, second].map(({ number, hash, time }) => ({
      number,
      hash,
      time,
      logs: [creationLog(number + 4)],
      commands: {},
    }));
    await publish([first, second].map((block) => asMessage(withLogs(block, []))));
    const bringing = asMessage({ ...withLogs(third, [creationLog(0)]), earlier });
    await publish([bringing]);
    const dying = dyingAfter(3);
    const appendLimits = { eventsMax: 1, bytesMax: 900_000 };
    const crashing = await start({ eventStore: dying.store, appendLimits });
    await eventually(() => expect(dying.isDead()).toBe(true));
    await crashing.stop();
    expect(await types()).toEqual(['BlockIngested', 'BlockIngested', 'TokenCreated']);
    await start({ appendLimits });
    await publish([bringing]);
    const events = await until(6);
    await sleep(50);
    expect(await types()).toEqual([
      'BlockIngested',
      'BlockIngested',
      'TokenCreated',
      'TokenCreated',
      'TokenCreated',
      'BlockIngested',
    ]);
    expect(events.slice(2).map(({ metadata }) => metadata.chain?.blockNumber)).toEqual([0, 1, 2, 2]);
    expect(events[2]?.metadata.chain).toMatchObject({ blockHash: first.hash, logIndex: 4 });
    expect(events.at(-1)?.data['facts']).toBe(1);
  });

  it('stops before a block with logs of contracts that it is not told of, and goes on once it is', async () => {
    const [first, second] = new SimulatedChain(2).blocksNow;
    if (first === undefined || second === undefined) throw new RangeError('No block');
    const governor = `0x${'c3'.repeat(20)}`;
    const followed = [CONTRACTS.tokenFactory, CONTRACTS.liquidityManager].map((at) => at.toLowerCase());
    const told = await start();
    await publish([asMessage({ ...withLogs(first, []), followed })]);
    await until(1);
    await publish([asMessage({ ...withLogs(second, []), followed: [...followed, governor] })]);
    const { message } = await untilFailed(told, 'CONTRACTS_UNKNOWN');
    for (const said of [governor, 'indexer’s addresses (TOKEN_FACTORY_ADDRESS'])
      expect(message).toContain(said);
    await told.stop();
    expect(await types()).toEqual(['BlockIngested']);
    const governance = { governor, timelock: TOKEN, token: USER, clock: 'BLOCKS' } as const;
    await start({ contracts: { ...CONTRACTS, governance } });
    expect(await until(2)).toHaveLength(2);
  });

  it('stores each fact once where an append was made and its answer lost', async () => {
    const chain = new SimulatedChain(6);
    let calls = 0;
    const lossy: EventStore = Object.assign(Object.create(parts.eventStore) as EventStore, {
      append: async (...args: Parameters<EventStore['append']>) => {
        const appended = await parts.eventStore.append(...args);
        calls += 1;
        if (calls % 2 === 1) throw new EventStoreUnavailableError('unreachable');
        return appended;
      },
    });
    await start({ eventStore: lossy });
    for (const block of chain.blocksNow) await publish([asMessage(withLogs(block, [creationLog(0)]))]);
    await until(12);
    await sleep(100);
    expect(await stream()).toHaveLength(12);
  });

  it('keeps the facts once where two ingesters run by mistake', async () => {
    const chain = new SimulatedChain(10);
    const first = await start();
    const second = open();
    for (const block of chain.blocksNow) await publish([asMessage(withLogs(block, [creationLog(0)]))]);
    await until(20);
    await sleep(200);
    await first.stop();
    await second.stop();
    expect(await stream()).toHaveLength(20);
  });
}
