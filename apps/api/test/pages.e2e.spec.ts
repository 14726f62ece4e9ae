import { chainStream } from '@abland/domain';
import { Wallet, ZeroAddress } from 'ethers';
import { v4 as uuidv4 } from 'uuid';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestApi, type TestApi } from './test-api.js';
import { CHAIN_ID, transferFact } from './test-chain.js';

const TOKEN = '0x1111111111111111111111111111111111111111';
const HOLDERS = `query ($first: Int, $after: Cursor) {
  holders(token: "${TOKEN}", first: $first, after: $after) {
    edges { node { holder balance } }
    pageInfo { hasNextPage endCursor }
  }
}`;

describe('pages of who holds a token', () => {
  let api: TestApi;
  const wallets = Array.from({ length: 17 }, () => Wallet.createRandom().address);

  beforeAll(async () => {
    api = await startTestApi();
    const facts = wallets.map((wallet, index) =>
      transferFact(TOKEN, ZeroAddress, wallet, BigInt(index + 1) * 100n),
    );
    await api.chain.mine({ facts, txHash: api.chain.nextTxHash() });
    await api.settle();
  });
  afterAll(async () => api.stop());

  const page = async (after: string | null) => (await api.client.query(HOLDERS, { first: 5, after })).holders;
  const move = async (from: string, to: string, amount: bigint): Promise<void> => {
    const { chain } = api;
    await chain.mine({ facts: [transferFact(TOKEN, from, to, amount)], txHash: chain.nextTxHash() });
    await api.settle();
  };

  it('have everybody who held throughout once, though balances change between them', async () => {
    const seen: { holder: string; balance: string }[] = [];
    let after: string | null = null;
    for (let turn = 0; ; turn += 1) {
      const { edges, pageInfo } = await page(after);
      seen.push(...edges.map(({ node }: { node: { holder: string; balance: string } }) => node));
      if (!pageInfo.hasNextPage) break;
      after = pageInfo.endCursor;
      await move(wallets[16 - turn] ?? '', wallets[turn] ?? '', 1_000n);
    }
    expect(seen.map(({ holder }) => holder)).toEqual([...wallets].reverse());
    expect(seen.map(({ balance }) => balance)).toEqual(
      wallets.map((_, index) => `${(index + 1) * 100}`).reverse(),
    );
  });

  it('say to begin anew where a reorg took their state back', async () => {
    const { pageInfo } = await page(null);
    const { chain, store } = api;
    const reverted = {
      id: uuidv4(),
      type: 'BlocksReverted',
      version: 1,
      data: {
        fromNumber: chain.number,
        toNumber: chain.number,
        hashes: [chain.blockHash(chain.number)],
        ancestor: { number: chain.number - 1, hash: chain.blockHash(chain.number - 1) },
      },
      metadata: { correlationId: 'reorg', causationId: null, actor: 'chain' },
    };
    await store.append(chainStream(CHAIN_ID), [reverted], 'any');
    chain.number -= 1;
    await api.settle();
    const { extensions } = await api.client.refusal(HOLDERS, { first: 5, after: pageInfo.endCursor });
    expect([extensions.code, extensions.field]).toEqual(['CURSOR_EXPIRED', 'after']);
    expect((await page(null)).edges).toHaveLength(5);
  });
});
