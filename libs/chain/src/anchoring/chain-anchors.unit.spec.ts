import { beforeEach, describe, expect, it } from '@jest/globals';
import { AbiCoder, Wallet } from 'ethers';
import { INTERFACES } from '../contracts/interfaces.js';
import { NodePool } from '../sender/node-pool.fixture.js';
import { ChainAnchors } from './chain-anchors.js';

const WALLET = new Wallet(`0x${'11'.repeat(32)}`);
const CHECKPOINT = '0x5FbDB2315678afecb367f032d93F642f64180aa3';
const rootOf = (digit: string): string => `0x${digit.repeat(64)}`;

describe('the sending of anchors', () => {
  let pool: NodePool;
  let now: number;
  beforeEach(() => {
    pool = new NodePool();
    now = 1_000;
  });

  const open = (more: { maxFeePerGas?: bigint; requireChain?: () => Promise<void> } = {}): ChainAnchors => {
    const provider = {
      ...pool.asProvider(),
      call: async () => AbiCoder.defaultAbiCoder().encode(['address'], [WALLET.address]),
    };
    return new ChainAnchors({
      ...{ provider, chainId: 7, checkpoint: CHECKPOINT, origin: 'example.com/log', wallet: WALLET },
      ...{ maxFeePerGas: 10n ** 12n, requireChain: () => Promise.resolve(), timing: { now: () => now } },
      ...more,
    });
  };
  const sizes = (): readonly unknown[] =>
    [...pool.mined, ...pool.waiting].map(
      ({ data }) => INTERFACES.ABCheckpoint.decodeFunctionData('anchor', data)[1] as unknown,
    );

  it('waits for one that was sent a moment ago, and then lets a newer tree take its place', async () => {
    const anchors = open();
    const first = await anchors.anchor(5, rootOf('5'));
    expect(await anchors.anchor(6, rootOf('6'))).toBe(first);
    expect(pool.handed).toEqual([first]);
    now += 60_000;
    await anchors.anchor(7, rootOf('7'));
    expect(sizes()).toEqual([7n]);
    pool.mine();
    await anchors.anchor(8, rootOf('8'));
    expect(sizes()).toEqual([7n, 8n]);
    expect(pool.mined.map(({ nonce }) => nonce)).toEqual([0]);
  });

  it('takes the place of one that waits since before a crash, by offering more', async () => {
    await open().anchor(5, rootOf('5'));
    const anchors = open();
    await expect(anchors.anchor(6, rootOf('6'))).rejects.toMatchObject({ code: 'RELAYER_UNDERPRICED' });
    await anchors.anchor(6, rootOf('6'));
    expect(sizes()).toEqual([6n]);
  });

  it('offers no more because a provider was away', async () => {
    const anchors = open();
    pool.beforeTaking = () => {
      throw new Error('connect ECONNREFUSED');
    };
    for (let tries = 0; tries < 5; tries += 1)
      await expect(anchors.anchor(5, rootOf('5'))).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
    pool.beforeTaking = () => undefined;
    await anchors.anchor(5, rootOf('5'));
    expect(pool.waiting[0]?.maxFeePerGas).toBe(2_001n);
  });

  it('offers no more than it may in the place of one that waits', async () => {
    const anchors = open({ maxFeePerGas: 2_001n });
    await anchors.anchor(5, rootOf('5'));
    now += 60_000;
    await expect(anchors.anchor(6, rootOf('6'))).rejects.toMatchObject({ code: 'RELAYER_FEE_CAPPED' });
    expect(sizes()).toEqual([5n]);
  });

  it('sends nothing to another chain than that of the log', async () => {
    const refusal = new Error('another chain');
    await expect(open({ requireChain: () => Promise.reject(refusal) }).anchor(5, rootOf('5'))).rejects.toBe(
      refusal,
    );
    expect(pool.handed).toEqual([]);
  });
});
