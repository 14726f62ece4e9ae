import { beforeEach, describe, expect, it } from '@jest/globals';
import { relayerStream, type RelayerTransactionSigned } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { Transaction } from 'ethers';
import { NodePool } from './node-pool.fixture.js';
import { RelaySender, type SendOutcome } from './relay-sender.js';
import {
  authorizeRelay,
  CHAIN_ID,
  COMMAND,
  FORWARDER,
  GAS_MAX,
  MAX_FEE_PER_GAS,
  OTHER_COMMAND,
  OTHER_USER,
  REQUESTED_AT,
  WALLET,
} from './sending.fixture.js';

type Told = Record<string, unknown>;

describe('a transaction of our sender that the base fee has outgrown', () => {
  let store: MemoryEventStore;
  let node: NodePool;
  /** Milliseconds that have passed, and by how many the clock was set wrong. */
  let [now, setBy]: [number, number] = [0, 0];
  let warned: Told[];
  beforeEach(() => {
    store = new MemoryEventStore();
    node = new NodePool();
    [now, setBy] = [0, 0];
    warned = [];
  });

  const start = async (maxFeePerGas = MAX_FEE_PER_GAS): Promise<RelaySender> => {
    const tell = (fields: object, message?: string): void =>
      void warned.push({ ...(fields as Told), message });
    const sender = new RelaySender({
      ...{ store, provider: node.asProvider(), wallet: WALLET, chainId: CHAIN_ID, forwarder: FORWARDER },
      ...{
        maxFeePerGas,
        gasMax: GAS_MAX,
        clock: () => Date.parse(REQUESTED_AT) + now + setBy,
        timing: { now: () => now },
        logger: { ...silentLogger, warn: tell, error: tell },
      },
    });
    await sender.open();
    return sender;
  };
  /** As the worker does it, over and over. */
  async function look(sender: RelaySender, times = 1): Promise<void> {
    for (let look = 0; look < times; look += 1) {
      now += 15_000;
      await sender.rebroadcast().catch((error: unknown) => warned.push(error as Told));
    }
  }
  const send = async (sender: RelaySender, commandId = COMMAND, user?: string): Promise<SendOutcome> =>
    sender.send(await authorizeRelay(store, { commandId, ...(user === undefined ? {} : { user }) }));
  async function recorded(): Promise<readonly RelayerTransactionSigned['data'][]> {
    const all: RelayerTransactionSigned['data'][] = [];
    for await (const page of store.readStream(relayerStream(CHAIN_ID, WALLET.address)))
      all.push(...page.map(({ data }) => data as RelayerTransactionSigned['data']));
    return all;
  }
  /** Given one that waits below a base fee which is 50 times what it was. */
  async function outgrown(maxFeePerGas?: bigint): Promise<RelaySender> {
    const sender = await start(maxFeePerGas);
    await send(sender);
    node.baseFee *= 50n;
    return sender;
  }

  it('is replaced by a dearer one of the same nonce, and neither it nor those behind it wait any more', async () => {
    const sender = await outgrown();
    await send(sender, OTHER_COMMAND, OTHER_USER);
    node.mine();
    expect(node.mined).toEqual([]);
    await look(sender, 2);
    node.mine();
    expect(node.mined.map(({ nonce, maxFeePerGas }) => [nonce, maxFeePerGas])).toEqual([
      [0, 100_001n],
      [1, 100_001n],
    ]);
    const [first, other, dearer, ...more] = await recorded();
    expect(more).toEqual([]);
    expect([first, other]).toMatchObject([{ replaces: null }, { replaces: null, nonce: 1 }]);
    expect(dearer).toMatchObject({ nonce: 0, commandId: COMMAND, replaces: first?.txHash });
    const { to, data, gasLimit } = Transaction.from(first?.rawTransaction ?? '');
    expect(node.mined[0]).toMatchObject({ hash: dearer?.txHash, to, data, gasLimit });
    await look(sender, 3);
    expect(await recorded()).toHaveLength(3);
  });

  it.each([
    ['back', -3_600_000],
    ['forward', 3_600_000],
  ])('is replaced after as long where the clock is set %s meanwhile', async (_, ms) => {
    const sender = await outgrown();
    await sender.rebroadcast();
    setBy = ms;
    now += 11_999;
    await sender.rebroadcast();
    expect(await recorded()).toHaveLength(1);
    now += 1;
    await sender.rebroadcast();
    expect(await recorded()).toHaveLength(2);
  });

  it('is replaced together with those behind it that were outgrown too', async () => {
    const sender = await start();
    await send(sender);
    await send(sender, OTHER_COMMAND, OTHER_USER);
    node.baseFee *= 50n;
    await look(sender, 2);
    node.mine();
    expect(node.mined).toHaveLength(2);
  });

  it('is left alone where it is mined before anybody looks, and where the price falls again', async () => {
    const sender = await outgrown();
    await look(sender);
    node.baseFee = 1_000n;
    await look(sender);
    node.mine();
    await look(sender, 2);
    expect(await recorded()).toHaveLength(1);
    expect(node.mined).toHaveLength(1);
  });

  it('may be mined in spite of the one that replaces it: the nonce is used once, and nothing is amiss', async () => {
    const sender = await outgrown();
    await look(sender);
    node.beforeTaking = () => {
      node.baseFee = 1_000n;
      node.mine();
    };
    await look(sender);
    const [first, dearer, ...more] = await recorded();
    expect([dearer?.replaces, more]).toEqual([first?.txHash, []]);
    expect(node.handed.at(-1)).toBe(dearer?.txHash);
    expect(node.mined.map(({ hash }) => hash)).toEqual([first?.txHash]);
    expect(warned).toEqual([]);
    expect(await send(sender, OTHER_COMMAND, OTHER_USER)).toMatchObject({ outcome: 'SENT' });
  });

  it('is replaced once, by the same bytes, where the program dies between recording and broadcast', async () => {
    const sender = await outgrown();
    await look(sender);
    node.beforeTaking = () => {
      throw new Error('killed');
    };
    await look(sender);
    node.beforeTaking = () => undefined;
    const [, dearer] = await recorded();
    expect(node.waiting.map(({ hash }) => hash)).not.toContain(dearer?.txHash);
    const next = await start();
    await look(next);
    expect(node.waiting.map(({ hash }) => hash)).toEqual([dearer?.txHash]);
    node.mine();
    await look(next, 3);
    expect(await recorded()).toHaveLength(2);
    expect(node.mined).toHaveLength(1);
  });

  it('is replaced by one of two instances', async () => {
    const both = [await outgrown(), await start()];
    for (let times = 0; times < 3; times += 1) {
      now += 15_000;
      await Promise.allSettled(both.map((sender) => sender.rebroadcast()));
    }
    expect(await recorded()).toHaveLength(2);
    node.mine();
    expect(node.mined).toHaveLength(1);
  });

  it('is told by its newest hash to whoever asks again, and not signed anew', async () => {
    const sender = await start();
    const relay = await authorizeRelay(store);
    await sender.send(relay);
    node.baseFee *= 50n;
    await look(sender, 2);
    const [, dearer] = await recorded();
    for (const one of [sender, await start()])
      expect(await one.send(relay)).toEqual({ outcome: 'SENT', txHash: dearer?.txHash });
    expect(await recorded()).toHaveLength(2);
  });

  it('waits where the cap holds it back, and that is said, until the price falls', async () => {
    const sender = await outgrown(50_000n);
    await look(sender, 2);
    expect(warned).toMatchObject([
      {
        ...{ code: 'RELAYER_FEE_CAPPED', nonce: 0, commandId: COMMAND, waitingMs: 15_000 },
        ...{ least: '56252', cap: '50000' },
      },
    ]);
    expect(await send(sender, OTHER_COMMAND, OTHER_USER)).toMatchObject({ outcome: 'LATER' });
    expect(await recorded()).toHaveLength(1);
    node.baseFee = 20_000n;
    await look(sender);
    node.mine();
    expect(node.mined.map(({ maxFeePerGas }) => maxFeePerGas)).toEqual([40_001n]);
  });

  it('waits where its account cannot pay for a dearer one, and that is said', async () => {
    const sender = await outgrown();
    node.balance = 1_000_000n;
    await look(sender, 2);
    expect(warned).toMatchObject([{ nonce: 0, message: expect.stringContaining('cannot pay') }]);
    expect(await recorded()).toHaveLength(1);
  });

  it('is nothing that its account cannot pay for where it is mined since that was asked', async () => {
    node.balance = 600_000_000n; // one costs some 400,000,000 at most
    const sender = await start();
    await send(sender);
    node.mine();
    expect(await send(sender, OTHER_COMMAND, OTHER_USER)).toMatchObject({ outcome: 'SENT' });
    expect(sender.status().hindrance).toBeNull();
    expect(warned).toEqual([]);
  });

  it('waits where its account cannot pay for it beside dearer ones of lower nonces', async () => {
    const sender = await start();
    await send(sender);
    await send(sender, OTHER_COMMAND, OTHER_USER);
    node.baseFee *= 50n;
    node.balance = 35_000_000_000n; // a dearer one costs some 20,000,000,000
    await look(sender, 2);
    expect((await recorded()).map(({ nonce }) => nonce)).toEqual([0, 1, 0]);
    expect(warned).toMatchObject([{ nonce: 1, message: expect.stringContaining('cannot pay') }]);
    node.mine();
    await look(sender, 2);
    expect((await recorded()).map(({ nonce }) => nonce)).toEqual([0, 1, 0, 1]);
  });

  it('waits, too, where its account cannot pay the data fee beside a dearer one', async () => {
    const sender = await start();
    await send(sender);
    node.dataFee = 10n ** 15n;
    node.mine();
    await look(sender);
    await send(sender, OTHER_COMMAND, OTHER_USER);
    node.baseFee *= 50n;
    node.balance = 2n * 10n ** 15n;
    await look(sender, 2);
    expect(warned).toMatchObject([{ nonce: 1, message: expect.stringContaining('cannot pay') }]);
    expect(await recorded()).toHaveLength(2);
    node.balance = 10n ** 18n;
    await look(sender, 2);
    expect(await recorded()).toHaveLength(3);
  });

  it('is replaced as soon as a node refuses it for its fees', async () => {
    node.takesBelowBaseFee = false;
    node.beforeTaking = () => {
      node.beforeTaking = () => undefined;
      node.baseFee *= 50n;
    };
    const sender = await start();
    await expect(send(sender)).rejects.toMatchObject({ code: 'RELAYER_UNDERPRICED', failureClass: 'LATER' });
    await look(sender);
    node.mine();
    expect(node.mined).toHaveLength(1);
  });

  it('offers more each time where a node wants more than others for a place', async () => {
    node.percentMore = 30n;
    node.leastTip = 2n;
    const sender = await start();
    await send(sender);
    for (let times = 0; times < 8; times += 1) {
      node.mine(3);
      await look(sender);
    }
    node.mine();
    expect(warned.map(({ code }) => code).filter((code) => code === 'RELAYER_UNDERPRICED')).toHaveLength(2);
    expect(node.mined.map(({ maxFeePerGas }) => maxFeePerGas)).toEqual([2_851n]);
  });

  it('is handed over again where the node forgot it, with all behind it', async () => {
    const sender = await start();
    await send(sender);
    await send(sender, OTHER_COMMAND, OTHER_USER);
    node.forget();
    await look(sender);
    node.mine();
    expect(node.mined.map(({ hash }) => hash)).toEqual((await recorded()).map(({ txHash }) => txHash));
  });

  it('is handed over again as it is while nobody says what the chain asks', async () => {
    const sender = await outgrown();
    node.forget();
    node.tellsPrice = false;
    await look(sender, 3);
    expect(node.waiting).toHaveLength(1);
    expect(await recorded()).toHaveLength(1);
  });
});
