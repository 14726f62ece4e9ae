import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import { type ApiClient, signIn } from './api-client.js';
import { COMMAND, SUBMIT_TRANSACTION, SWAP } from './documents.js';
import { type Market, newKey, openMarket, TOKEN_A, TOKEN_B, UNIT } from './market-fixture.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';

const LISTS = [
  'transactions(first: 50)',
  'transactions(first: 50, filter: { statuses: [PENDING] })',
  'transactions(first: 50, filter: { user: "<user>", types: [SWAP] })',
];
const COMMANDS = '{ commands(first: 50) { edges { node { commandId } } } }';

const operatorWallet = Wallet.createRandom();
let api: TestApi;
let market: Market;
let stranger: ApiClient;
let operator: ApiClient;

beforeAll(async () => {
  api = await startTestApi({ config: { operators: [operatorWallet.address] } });
  market = await openMarket(api);
  stranger = await signIn(api.client, Wallet.createRandom());
  operator = await signIn(api.client, operatorWallet);
});
afterAll(() => api.stop());

async function order() {
  const input = {
    idempotencyKey: newKey(),
    tokenIn: TOKEN_A,
    tokenOut: TOKEN_B,
    amountIn: `${UNIT}`,
    slippageBps: 50,
  };
  const { receipt } = await market.client.query(SWAP, { input });
  const txHash = api.chain.nextTxHash();
  return { commandId: String(receipt.commandId), txHash };
}

/** Everything that a client can be told of orders, as text. */
async function told(client: ApiClient, { commandId, txHash }: { commandId: string; txHash: string }) {
  const texts = [
    JSON.stringify(await client.query(`{ transaction(hash: "${txHash}") { type user commandId } }`)),
  ];
  for (const list of LISTS) {
    const asked = list.replace('<user>', market.wallet.address);
    texts.push(JSON.stringify(await client.query(`{ ${asked} { edges { node { hash commandId type } } } }`)));
  }
  const { data } = await client.send(COMMAND, { id: commandId });
  const { data: commands } = await client.send(COMMANDS);
  return [...texts, JSON.stringify(data), JSON.stringify(commands)].join('\n');
}

describe('an order that the chain does not have yet', () => {
  it('is told to its wallet and to operators, and to nobody else', async () => {
    const given = await order();
    await market.client.query(SUBMIT_TRANSACTION, given);
    await api.settle();
    for (const client of [api.client, stranger]) {
      const text = await told(client, given);
      expect(text).not.toContain(given.commandId);
      expect(text).not.toContain(given.txHash);
    }
    for (const client of [market.client, operator]) {
      expect(await told(client, given)).toContain(given.txHash);
    }
  });

  it('is told to nobody who knows its id: an id is no key', async () => {
    const given = await order();
    await api.settle();
    expect((await stranger.query(COMMAND, { id: given.commandId })).command).toBeNull();
    const { errors } = await stranger.send(SUBMIT_TRANSACTION, given);
    expect(JSON.stringify(errors)).not.toMatch(new RegExp(`${UNIT}|${TOKEN_A}`));
  });

  it('is told to all once the chain has it', async () => {
    const given = await order();
    await market.client.query(SUBMIT_TRANSACTION, given);
    await api.settle();
    expect(await told(stranger, given)).not.toContain(given.txHash);
    const { wallet } = market;
    const data = { txHash: given.txHash, from: wallet.address, to: CONTRACTS.liquidityManager, reason: null };
    await api.chain.mine({ facts: [{ type: 'TransactionFailed', version: 1, data }], ...given });
    await api.settle();
    expect(await told(stranger, given)).toContain(given.txHash);
  });
});
