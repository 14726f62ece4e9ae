import { beforeEach, describe, expect, it } from '@jest/globals';
import { MemoryEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { NodePool } from './node-pool.fixture.js';
import { RelaySender } from './relay-sender.js';
import {
  authorizeRelay,
  CHAIN_ID,
  COMMAND,
  FORWARDER,
  GAS_MAX,
  MAX_FEE_PER_GAS,
  REQUESTED_AT,
  WALLET,
} from './sending.fixture.js';
import { signTransaction } from './sign-transaction.js';

describe('a nonce below those of our sender that nothing uses', () => {
  let store: MemoryEventStore;
  let node: NodePool;
  /** Milliseconds that have passed, and by how many the clock was set wrong. */
  let [now, setBy]: [number, number] = [0, 0];
  let sender: RelaySender;
  beforeEach(async () => {
    store = new MemoryEventStore();
    node = new NodePool();
    [now, setBy] = [0, 0];
    const account = { wallet: WALLET, chainId: CHAIN_ID, forwarder: FORWARDER };
    const clock = (): number => Date.parse(REQUESTED_AT) + now + setBy;
    const common = {
      store,
      provider: node.asProvider(),
      clock,
      timing: { now: () => now },
      logger: silentLogger,
    };
    sender = new RelaySender({ ...common, ...account, maxFeePerGas: MAX_FEE_PER_GAS, gasMax: GAS_MAX });
    await waitsFromBefore();
    await sender.open();
    await sender.send({ ...(await authorizeRelay(store)), commandId: COMMAND });
  });

  /** Something that the account sent before the log knew it. */
  async function waitsFromBefore(): Promise<void> {
    const fees = { maxFeePerGas: node.baseFee / 2n, maxPriorityFeePerGas: 1n };
    const call = { to: WALLET.address, data: '0x12', value: 0n };
    const earlier = await signTransaction(WALLET, { call, gas: 30_000n, fees, chainId: CHAIN_ID, nonce: 0 });
    await node.asProvider().broadcastTransaction(earlier.rawTransaction);
  }
  const minedNonces = (): readonly number[] => node.mined.map(({ nonce }) => nonce);

  it('is filled once it is seen unused for half a minute, whatever the clock does, and what waits behind it is mined', async () => {
    node.forget(); // what waited before the log began is dropped for good
    await sender.rebroadcast();
    now += 29_999;
    setBy = 3_600_000;
    await sender.rebroadcast();
    node.mine();
    expect(minedNonces()).toEqual([]);
    now += 1;
    setBy = -3_600_000;
    await sender.rebroadcast();
    node.mine();
    expect(minedNonces()).toEqual([0, 1]);
    expect(node.mined[0]).toMatchObject({ to: WALLET.address, value: 0n, data: '0x' });
    now += 60_000;
    await sender.rebroadcast();
    expect(sender.status()).toMatchObject({ waiting: 0, hindrance: null });
  });

  it('is left alone while something waits under it', async () => {
    for (let look = 0; look < 4; look += 1) {
      await sender.rebroadcast();
      now += 30_000;
    }
    expect(node.waiting[0]).toMatchObject({ nonce: 0, data: '0x12' });
    node.baseFee /= 4n;
    node.mine();
    expect(node.mined[0]).toMatchObject({ data: '0x12' });
  });
});
