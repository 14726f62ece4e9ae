import { beforeEach, describe, expect, it } from '@jest/globals';
import { AbiCoder, type TransactionRequest, Wallet } from 'ethers';
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

  interface Opening {
    readonly maxFeePerGas?: bigint;
    readonly requireChain?: () => Promise<void>;
    /** Events in the newest tree that the chain has; 0: it has none. */
    readonly anchored?: number;
  }
  const open = ({ anchored = 0, ...more }: Opening = {}): ChainAnchors => {
    const coder = AbiCoder.defaultAbiCoder();
    const answers: Readonly<Record<string, string>> = {
      treeHeadCount: coder.encode(['uint256'], [anchored === 0 ? 0n : 1n]),
      treeHead: coder.encode(['uint64', 'uint64', 'bytes32'], [BigInt(anchored), 1n, rootOf('9')]),
      signerOf: coder.encode(['address'], [WALLET.address]),
    };
    const call = async ({ data }: TransactionRequest): Promise<string> =>
      answers[INTERFACES.ABCheckpoint.getFunction(String(data).slice(0, 10) as 'treeHead').name] ?? '0x';
    return new ChainAnchors({
      ...{ provider: { ...pool.asProvider(), call }, chainId: 7, checkpoint: CHECKPOINT, wallet: WALLET },
      ...{ origin: 'example.com/log', maxFeePerGas: 10n ** 12n, timing: { now: () => now } },
      requireChain: () => Promise.resolve(),
      ...more,
    });
  };
  const sizes = (): readonly unknown[] =>
    [...pool.mined, ...pool.waiting].map(
      ({ data }) => INTERFACES.ABCheckpoint.decodeFunctionData('anchor', data)[1] as unknown,
    );

  it('goes on from the newest that stands where the newest was retracted', async () => {
    const coder = AbiCoder.defaultAbiCoder();
    const heads = [4n, 5n, 0n, 0n];
    const asked: string[] = [];
    const open = (standing: bigint | null): ChainAnchors => {
      const call = async ({ data }: TransactionRequest): Promise<string> => {
        const { name, args } = INTERFACES.ABCheckpoint.parseTransaction({ data: String(data) }) ?? {};
        asked.push(name ?? '');
        if (name === 'treeHeadCount') return coder.encode(['uint256'], [heads.length]);
        if (name === 'standingTreeHeads')
          return standing === null ? '0x' : coder.encode(['uint256'], [standing]);
        const index = Number(args?.[1]);
        return coder.encode(['uint64', 'uint64', 'bytes32'], [heads[index], 1n, rootOf('9')]);
      };
      return new ChainAnchors({
        ...{ provider: { ...pool.asProvider(), call }, chainId: 7, checkpoint: CHECKPOINT, wallet: WALLET },
        ...{ origin: 'example.com/log', maxFeePerGas: 10n ** 12n, requireChain: () => Promise.resolve() },
      });
    };
    expect(await open(2n).newest()).toMatchObject({ index: 1, treeSize: 5 });
    expect(await open(0n).newest()).toBeNull();
    // One of before has no empty head, and is not asked for what it does not know.
    heads.length = 2;
    asked.length = 0;
    expect(await open(null).newest()).toMatchObject({ index: 1, treeSize: 5 });
    expect(asked).toEqual(['treeHeadCount', 'treeHead']);
  });

  it('waits for one that was sent a moment ago, and sends the same again while it offers enough', async () => {
    const anchors = open();
    const first = await anchors.anchor(5, rootOf('5'));
    expect(await anchors.anchor(6, rootOf('6'))).toBe(first);
    expect(pool.handed).toEqual([first]);
    for (let minutes = 0; minutes < 30; minutes += 1) {
      now += 60_000;
      expect(await anchors.anchor(7, rootOf('7'))).toBe(first);
    }
    expect(new Set(pool.handed)).toEqual(new Set([first]));
    pool.mine();
    await anchors.anchor(8, rootOf('8'));
    expect(sizes()).toEqual([5n, 8n]);
    expect(pool.mined.map(({ nonce }) => nonce)).toEqual([0]);
  });

  it('lets a newer tree take its place where the chain asks for more by then', async () => {
    const anchors = open();
    await anchors.anchor(5, rootOf('5'));
    pool.baseFee *= 10n;
    expect(await anchors.anchor(6, rootOf('6'))).toBe(pool.handed[0]);
    now += 60_000;
    await anchors.anchor(7, rootOf('7'));
    expect(sizes()).toEqual([7n]);
    expect(pool.waiting[0]?.maxFeePerGas).toBe(20_001n);
  });

  it('offers what is asked for now where no node has it any more', async () => {
    const anchors = open();
    pool.baseFee = 50_000n;
    await anchors.anchor(5, rootOf('5'));
    pool.forget();
    pool.baseFee = 1_000n;
    now += 60_000;
    await anchors.anchor(6, rootOf('6'));
    expect(sizes()).toEqual([6n]);
    expect(pool.waiting[0]?.maxFeePerGas).toBe(2_001n);
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

  it('offers no more than it may in the place of one that waits, says so, and goes on once less is asked for', async () => {
    const anchors = open({ maxFeePerGas: 2_001n });
    const first = await anchors.anchor(5, rootOf('5'));
    pool.baseFee *= 10n;
    for (let minutes = 0; minutes < 3; minutes += 1) {
      now += 60_000;
      await expect(anchors.anchor(6, rootOf('6'))).rejects.toMatchObject({ code: 'RELAYER_FEE_CAPPED' });
    }
    expect(new Set(pool.handed)).toEqual(new Set([first]));
    pool.baseFee = 1_000n;
    pool.mine();
    await anchors.anchor(7, rootOf('7'));
    expect(sizes()).toEqual([5n, 7n]);
  });

  it('pays for none that the chain has already', async () => {
    const anchors = open({ anchored: 9 });
    expect(await anchors.anchor(9, rootOf('9'))).toBeNull();
    expect(pool.handed).toEqual([]);
    await anchors.anchor(10, rootOf('a'));
    expect(sizes()).toEqual([10n]);
  });

  it('sends nothing to another chain than that of the log', async () => {
    const refusal = new Error('another chain');
    await expect(open({ requireChain: () => Promise.reject(refusal) }).anchor(5, rootOf('5'))).rejects.toBe(
      refusal,
    );
    expect(pool.handed).toEqual([]);
  });
});
