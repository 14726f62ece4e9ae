import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { MemoryEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { JsonRpcProvider, Wallet } from 'ethers';
import { INTERFACES } from '../contracts/interfaces.js';
import { logIdOf } from './log-id.js';
import { openChainAnchors, type OpenChainAnchorsOptions } from './open-chain-anchors.js';

const ORIGIN = 'example.com/log';
const [SIGNER, OTHER] = developmentAccounts().slice(5, 7) as [Account, Account];
type Account = ReturnType<typeof developmentAccounts>[number];
const rootOf = (digit: string): string => `0x${digit.repeat(64)}`;

describe('anchors on a chain', () => {
  let folder: string;
  let chain: ForkedChain;
  let provider: JsonRpcProvider;
  const opened: { close(): void }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-anchors-'));
    const anchoring = { logId: logIdOf(ORIGIN), signer: SIGNER.address };
    chain = await forkEmbeddedChain({ dataDir: folder, port: 0, emptyBlockEveryMs: 3_600_000, anchoring });
    provider = new JsonRpcProvider(chain.rpcUrl, chain.chainId, { staticNetwork: true });
  });
  afterAll(async () => {
    for (const one of opened) one.close();
    provider.destroy();
    await chain.stop();
    await rm(folder, { recursive: true, force: true });
  });

  const open = (more: Partial<OpenChainAnchorsOptions> = {}): ReturnType<typeof openChainAnchors> => {
    const anchors = openChainAnchors({
      ...{ rpcUrls: [chain.rpcUrl], chainId: chain.chainId, checkpoint: chain.contracts.checkpoint },
      ...{ origin: ORIGIN, privateKey: SIGNER.privateKey, maxFeeGwei: 500 },
      ...{ store: new MemoryEventStore(), logger: silentLogger },
      ...more,
    });
    opened.push(anchors);
    return anchors;
  };

  it('are those that the signer of the log gave it, which the contract tells', async () => {
    const anchors = open();
    expect(await anchors.newest()).toBeNull();
    await anchors.anchor(5, rootOf('5'));
    expect(await anchors.newest()).toMatchObject({ index: 0, treeSize: 5, rootHash: rootOf('5') });
    const hash = (await open().anchor(9, rootOf('9'))) ?? '';
    const newest = await anchors.newest();
    const receipt = await provider.getTransactionReceipt(hash);
    const block = await provider.getBlock(receipt?.blockNumber ?? -1);
    expect(newest).toEqual({ index: 1, treeSize: 9, rootHash: rootOf('9'), anchoredAt: block?.timestamp });
    const [told] = (receipt?.logs ?? []).map((log) => INTERFACES.ABCheckpoint.parseLog(log));
    expect(told?.name).toBe('TreeHeadAnchored');
    expect([...(told?.args ?? [])]).toEqual([logIdOf(ORIGIN), 1n, 9n, rootOf('9'), SIGNER.address]);
  });

  it('are not given to a contract that knows no signer of the log, or another one', async () => {
    await expect(open({ origin: 'example.com/other' }).anchor(1, rootOf('1'))).rejects.toMatchObject({
      code: 'ANCHOR_NOT_REGISTERED',
      failureClass: 'WRONG',
    });
    await expect(open({ privateKey: OTHER.privateKey }).anchor(99, rootOf('1'))).rejects.toMatchObject({
      code: 'ANCHOR_SIGNER_OTHER',
    });
  });

  it('are none where the tree did not grow, and are not known where the contract is none', async () => {
    const anchors = open();
    const { treeSize } = (await anchors.newest()) ?? { treeSize: 0 };
    expect(await anchors.anchor(treeSize, rootOf('a'))).toBeNull();
    const elsewhere = open({ checkpoint: OTHER.address });
    await expect(elsewhere.newest()).rejects.toMatchObject({ code: 'CHAIN_UNAVAILABLE' });
  });

  it('take no more than what may be offered for them', async () => {
    const anchors = open({ maxFeeGwei: 0 });
    await expect(anchors.anchor(1_000, rootOf('b'))).rejects.toMatchObject({ code: 'RELAYER_FEE_CAPPED' });
  });

  it('say what an account cannot pay', async () => {
    const poor = Wallet.createRandom();
    const other = await mkdtemp(join(tmpdir(), 'abland-anchors-'));
    const anchoring = { logId: logIdOf(ORIGIN), signer: poor.address };
    const second = await forkEmbeddedChain({ dataDir: other, port: 0, anchoring });
    const { checkpoint } = second.contracts;
    try {
      const anchors = open({ rpcUrls: [second.rpcUrl], checkpoint, privateKey: poor.privateKey });
      await expect(anchors.anchor(1, rootOf('c'))).rejects.toMatchObject({ code: 'ANCHOR_CANNOT_PAY' });
    } finally {
      await second.stop();
      await rm(other, { recursive: true, force: true });
    }
  });
});
