import { silentLogger } from '@abland/kernel';
import { eventually } from '@abland/testing';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { TestProvider } from '../rpc/json-rpc-server.fixture.js';
import { BlockReader } from './block-reader.js';
import type { FollowedContracts } from './chain-block.js';
import { MADE_CHAIN_ID, MadeChain } from './made-chain.fixture.js';

const CONTRACTS: FollowedContracts = {
  tokenFactory: `0x${'a1'.repeat(20)}`,
  liquidityManager: `0x${'b2'.repeat(20)}`,
  ...{ forwarder: null, governance: null, checkpoint: null },
};
const BEHIND_MS = 50;

/** A node that has the first blocks of a chain alone. */
const upTo =
  (chain: MadeChain, newest: number) =>
  (method: string, params: readonly unknown[]): unknown => {
    if (method !== 'eth_getBlockByNumber') return chain.answer(method, params);
    const number = params[0] === 'latest' ? newest : Number(params[0]);
    return number > newest ? null : chain.answer(method, [`0x${number.toString(16)}`, params[1]]);
  };

describe('a provider that stands still', () => {
  let chain: MadeChain;
  let still: TestProvider;
  let other: TestProvider;
  let rpc: ChainRpc;
  let reader: BlockReader;
  beforeEach(async () => {
    chain = new MadeChain().add().add().add().add().add();
    still = new TestProvider(upTo(chain, 1));
    other = new TestProvider(chain.answer);
    await still.start();
    await other.start();
    const urls = [still.url, other.url];
    rpc = new ChainRpc({ urls, chainId: MADE_CHAIN_ID, timeoutMs: 60_000, logger: silentLogger });
    reader = new BlockReader(rpc, CONTRACTS, { logger: silentLogger, behindOthersMsMax: BEHIND_MS });
  });
  afterEach(async () => {
    rpc.close();
    await still.stop();
    await other.stop();
  });
  const looks = async (): Promise<void> => {
    for (let look = 0; look < 10; look += 1) {
      await reader.head();
      await new Promise((resolve) => setTimeout(resolve, BEHIND_MS / 2));
    }
  };

  it('is set aside once others have had the blocks after its newest for a while, and they are believed', async () => {
    expect((await reader.head()).number).toBe(1);
    await eventually(async () => expect((await reader.head()).number).toBe(4));
    expect(rpc.status()[0]?.fault).toMatchObject({ code: 'CHAIN_BEHIND' });
  });

  it('is believed where what another tells does not follow it', async () => {
    const [first] = new MadeChain().add([[]]).add().blocks;
    const stranger = new MadeChain();
    stranger.blocks.push(...(first === undefined ? [] : [first]));
    other.answering = stranger.add().add().add().add().answer;
    await looks();
    expect((await reader.head()).number).toBe(1);
    expect(rpc.status()[0]?.fault).toBeNull();
  });

  it('is believed where no other answers', async () => {
    await other.stop();
    await looks();
    expect((await reader.head()).number).toBe(1);
    expect(rpc.status()[0]?.fault).toBeNull();
  });
});
