import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCommandTag } from '@abland/chain';
import { quoteSwap, requestStream, userStream } from '@abland/domain';
import { eventually } from '@abland/testing';
import { Interface, Wallet } from 'ethers';
import pg from 'pg';
import { signIn } from './api-client.js';
import {
  ADD_LIQUIDITY,
  COMMAND,
  CREATE_POOL,
  CREATE_TOKEN,
  REMOVE_LIQUIDITY,
  SUBMIT_TRANSACTION,
  SWAP,
} from './documents.js';
import {
  createTokenInput as token,
  type Market,
  newKey as key,
  openMarket,
  RESERVE_A,
  RESERVE_B,
  TOKEN_A,
  TOKEN_B,
  TOKEN_C,
  UNIT,
} from './market-fixture.js';
import { confirm } from './settle-request.js';
import { CONTRACTS, startTestApi, type TestApi } from './test-api.js';
import { CHAIN_ID, swapFacts, tokenFacts, transferFact } from './test-chain.js';

const calls = new Interface([
  'function createToken(string name, string symbol, uint256 totalSupply, uint8 decimals, string metadataURI) payable',
  'function createPool(address tokenX, address tokenY, uint256 amountX, uint256 amountY, uint256 deadline)',
  'function addLiquidity(bytes32 poolId, uint256 a, uint256 b, uint256 aMin, uint256 bMin, uint256 deadline)',
  'function removeLiquidity(bytes32 poolId, uint256 liquidity, uint256 aMin, uint256 bMin, uint256 deadline)',
  'function swap(bytes32 poolId, address tokenIn, uint256 amountIn, uint256 amountOutMin, uint256 deadline)',
  'function approve(address spender, uint256 amount)',
]);
const decode = (name: string, data: string) => calls.decodeFunctionData(name, data).toArray();
const FEES = { swapFee: 30n, protocolFee: 10n };

let api: TestApi;
let market: Market;
const give = async (document: string, input: object) =>
  (await market.client.query(document, { input })).receipt;
const types = async (stream: string): Promise<string[]> => (await api.events(stream)).map(({ type }) => type);

beforeAll(async () => {
  api = await startTestApi();
  market = await openMarket(api);
});
afterAll(() => api.stop());

describe('a command of which something was left out', () => {
  it('says so to whose it is, for as long as it waits for an operator', async () => {
    const { commandId } = await give(CREATE_TOKEN, token());
    const asked = 'query ($id: Uuid!) { command(id: $id) { status parked } }';
    const told = async () => (await market.client.query(asked, { id: commandId })).command;
    expect(await told()).toEqual({ status: 'ACCEPTED', parked: false });
    await api.pool.query(
      `INSERT INTO processes.parked (process, cause_id, stream, type, code, reason) VALUES ('settlement-31337', 'c', $1, 'ConfirmRequest', 'UNEXPECTED', 'a defect')`,
      [requestStream(commandId)],
    );
    expect(await told()).toEqual({ status: 'ACCEPTED', parked: true });
    await api.pool.query('DELETE FROM processes.parked WHERE stream = $1', [requestStream(commandId)]);
    expect(await told()).toEqual({ status: 'ACCEPTED', parked: false });
  });
});

describe('a token or pool about which something was left out', () => {
  it('says so to everybody, for as long as it waits for an operator', async () => {
    const asked = `query ($token: Address!) { token(address: $token) { parked } pools(first: 9) { edges { node { parked } } } }`;
    const told = async () => {
      const { pools, token: of } = await market.client.query(asked, { token: TOKEN_A });
      return [of.parked, pools.edges.map(({ node }: { node: { parked: boolean } }) => node.parked)];
    };
    const [, pools] = await told();
    const none = pools.map(() => false);
    expect(await told()).toEqual([false, none]);
    const eventId = randomUUID();
    await api.pool.query(
      `INSERT INTO read_model.parked_by_holdings (event_id, position, stream, type, code, reason, defect, parked_at, concerns)
       VALUES ($1, 1, 'chain-31337', 'Transfer', 'BAD_EVENT', 'too much', false, now(), $2)`,
      [eventId, [`${CHAIN_ID}:${TOKEN_A.toLowerCase()}`]],
    );
    // An answer that is the same for all is kept for up to a second where no read model has moved.
    await eventually(async () => expect(await told()).toEqual([true, none]));
    await api.pool.query('DELETE FROM read_model.parked_by_holdings WHERE event_id = $1', [eventId]);
    await eventually(async () => expect(await told()).toEqual([false, none]));
  });
});

describe('createToken', () => {
  it('accepts the request and gives the transaction to sign, tagged with its command', async () => {
    const receipt = await give(CREATE_TOKEN, token());
    expect(receipt).toMatchObject({
      kind: 'CREATE_TOKEN',
      chainId: CHAIN_ID,
      status: 'ACCEPTED',
      execution: 'WALLET',
      approvals: [],
      signatureRequest: null,
      transaction: { to: CONTRACTS.tokenFactory, value: '1000', chainId: CHAIN_ID },
    });
    const [name, symbol, supply, decimals, uri] = decode('createToken', receipt.transaction.data);
    expect([name, symbol, supply, decimals]).toEqual(['Nova 2', 'NOVA', 1_000_000_000n, 6n]);
    expect(readCommandTag(receipt.transaction.data)).toBe(receipt.commandId);
    const [event] = await api.events(requestStream(receipt.commandId));
    expect(event).toMatchObject({
      type: 'TokenCreationRequested',
      metadata: { actor: market.wallet.address },
      data: {
        chainId: CHAIN_ID,
        requester: market.wallet.address,
        terms: { supply: '1000', metadataURI: uri },
      },
    });
    const metadata = await fetch(`${api.client.url}/ipfs/${uri.slice('ipfs://'.length)}`);
    expect(await metadata.json()).toEqual({
      name: 'Nova 2',
      symbol: 'NOVA',
      decimals: 6,
      description: 'A new one',
    });
  });

  it('keeps no metadata for a request that is refused', async () => {
    const input = token({ name: 'Never', execution: 'RELAYED' });
    const { extensions } = await market.client.refusal(CREATE_TOKEN, { input });
    expect(extensions.code).toBe('RELAY_VALUE_REFUSED');
    const database = new pg.Client({ connectionString: api.databaseUrl });
    await database.connect();
    const kept = await database.query(
      `SELECT FROM api.contents WHERE position('Never'::bytea in content) > 0`,
    );
    await database.end();
    expect(kept.rowCount).toBe(0);
  });

  it('gives the same receipt for the same key and input and appends nothing again', async () => {
    const input = token();
    const receipt = await give(CREATE_TOKEN, input);
    const head = await api.store.head();
    const reordered = Object.fromEntries(Object.entries(input).reverse());
    expect(await give(CREATE_TOKEN, reordered)).toEqual(receipt);
    expect(await api.store.head()).toBe(head);
  });

  it('accepts a command once, however many ask for it at the same time', async () => {
    const input = token();
    const receipts = await Promise.all(Array.from({ length: 6 }, () => give(CREATE_TOKEN, input)));
    expect(new Set(receipts.map(({ commandId }) => commandId)).size).toBe(1);
    expect(await types(requestStream(receipts[0].commandId))).toEqual(['TokenCreationRequested']);
  });

  it('reads the stream of its request once, and once more for what came first', async () => {
    const reads: string[] = [];
    const original = api.store.readStream.bind(api.store);
    api.store.readStream = (stream, options) => {
      if (stream.startsWith('request-')) reads.push(stream);
      return original(stream, options);
    };
    try {
      const { commandId } = await give(CREATE_TOKEN, token());
      const txHash = api.chain.nextTxHash();
      await market.client.query(SUBMIT_TRANSACTION, { commandId, txHash });
      expect(reads).toEqual([requestStream(commandId), requestStream(commandId)]);
    } finally {
      api.store.readStream = original;
    }
  });

  it('is refused under a key of another command, also where both come at once', async () => {
    const input = token();
    const answers = await Promise.all([
      market.client.send(CREATE_TOKEN, { input }),
      market.client.send(CREATE_TOKEN, { input: { ...input, supply: '2000' } }),
    ]);
    const codes = answers.map(({ errors }) => errors[0]?.extensions.code ?? 'accepted').sort();
    expect(codes).toEqual(['IDEMPOTENCY_KEY_REUSED', 'accepted']);
  });

  it('gives the same key of another person another command', async () => {
    const input = token();
    const receipt = await give(CREATE_TOKEN, input);
    const other = await signIn(api.client, Wallet.createRandom());
    const { receipt: theirs } = await other.query(CREATE_TOKEN, { input });
    expect(theirs.commandId).not.toBe(receipt.commandId);
  });

  it('goes on from the log to the read models and the chain', async () => {
    const { commandId } = await give(CREATE_TOKEN, token({ decimals: 18 }));
    const accepted = await market.client.query(COMMAND, { id: commandId });
    expect(accepted.command).toMatchObject({ status: 'ACCEPTED', kind: 'CREATE_TOKEN', finality: null });
    const txHash = api.chain.nextTxHash();
    const { receipt } = await market.client.query(SUBMIT_TRANSACTION, { commandId, txHash });
    expect(receipt).toMatchObject({ status: 'SUBMITTED', txHash, transaction: null });
    await api.settle();
    const submitted = await market.client.query(COMMAND, { id: commandId });
    expect(submitted.command).toMatchObject({ status: 'SUBMITTED', txHash });
    const address = Wallet.createRandom().address;
    const facts = tokenFacts({
      address,
      creator: market.wallet.address,
      name: 'Nova 2',
      symbol: 'NOVA',
      totalSupply: 1000n * UNIT,
    });
    const blockNumber = await api.chain.mine({ facts, txHash, commandId });
    await confirm(api, commandId, { txHash, blockNumber }, facts[1]);
    await api.settle();
    const confirmed = await market.client.query(COMMAND, { id: commandId });
    expect(confirmed.command).toMatchObject({
      ...{ status: 'CONFIRMED', token: address, outcome: { tokenAddress: address } },
      finality: { status: 'CONFIRMED', confirmations: 1 },
    });
    const { token: deployed } = await market.client.query(
      `query ($at: Address!) { token(address: $at) { address status description finality { status confirmations } } }`,
      { at: address },
    );
    expect(deployed).toEqual({
      address,
      status: 'DEPLOYED',
      description: 'A new one',
      finality: { status: 'CONFIRMED', confirmations: 1 },
    });
  });

  it('hides a command from everyone but who gave it', async () => {
    const { commandId } = await give(CREATE_TOKEN, token());
    const other = await signIn(api.client, Wallet.createRandom());
    expect((await other.query(COMMAND, { id: commandId })).command).toBeNull();
    await api.settle();
    expect((await other.query(COMMAND, { id: commandId })).command).toBeNull();
    const txHash = api.chain.nextTxHash();
    const told = await other.refusal(SUBMIT_TRANSACTION, { commandId, txHash });
    const untold = await other.refusal(SUBMIT_TRANSACTION, { commandId: crypto.randomUUID(), txHash });
    expect(told.extensions).toMatchObject({ code: 'COMMAND_NOT_FOUND', field: 'commandId', details: {} });
    const same = ({ message, extensions: { correlationId: _, ...rest } }: typeof told) => ({
      message,
      ...rest,
    });
    expect(same(told)).toEqual(same(untold));
    await api.settle();
    expect((await other.query('{ commands { edges { node { commandId } } } }')).commands.edges).toEqual([]);
    expect(await types(requestStream(commandId))).toEqual(['TokenCreationRequested']);
  });
});

describe('createPool', () => {
  it('asks for allowances of exactly the first deposit, whatever the order of the tokens', async () => {
    const receipt = await give(CREATE_POOL, {
      idempotencyKey: key(),
      tokenA: TOKEN_C,
      tokenB: TOKEN_A.toLowerCase(),
      amountA: '3000000',
      amountB: '1000000',
    });
    expect(receipt).toMatchObject({ kind: 'CREATE_POOL', status: 'ACCEPTED' });
    expect(
      receipt.approvals.map(({ to, data }: { to: string; data: string }) => [to, ...decode('approve', data)]),
    ).toEqual([
      [TOKEN_A, CONTRACTS.liquidityManager, 1_000_000n],
      [TOKEN_C, CONTRACTS.liquidityManager, 3_000_000n],
    ]);
    const sent = decode('createPool', receipt.transaction.data).slice(0, 4);
    expect(sent).toEqual([TOKEN_A, TOKEN_C, 1_000_000n, 3_000_000n]);
    expect(await types(requestStream(receipt.commandId))).toEqual(['PoolCreationRequested']);
  });
});

describe('liquidity', () => {
  it('is added within the slippage of the quote', async () => {
    const receipt = await give(ADD_LIQUIDITY, {
      idempotencyKey: key(),
      poolId: market.poolId,
      amountADesired: (2n * UNIT).toString(),
      amountBDesired: UNIT.toString(),
      slippageBps: 100,
    });
    expect(receipt).toMatchObject({ kind: 'ADD_LIQUIDITY', status: 'ACCEPTED' });
    const sent = decode('addLiquidity', receipt.transaction.data).slice(0, 5);
    expect(sent).toEqual([market.poolId, 2n * UNIT, UNIT, (2n * UNIT * 99n) / 100n, (UNIT * 99n) / 100n]);
    expect(receipt.approvals).toHaveLength(2);
  });

  it('is removed with minimums of the caller', async () => {
    const receipt = await give(REMOVE_LIQUIDITY, {
      idempotencyKey: key(),
      poolId: market.poolId,
      liquidity: (10n * UNIT).toString(),
      amountAMin: (10n * UNIT).toString(),
      amountBMin: (6n * UNIT).toString(),
    });
    const sent = decode('removeLiquidity', receipt.transaction.data).slice(0, 4);
    expect(sent).toEqual([market.poolId, 10n * UNIT, 10n * UNIT, 6n * UNIT]);
    expect(receipt.approvals).toEqual([]);
  });
});

describe('swap', () => {
  const swap = (over: object = {}) => ({
    idempotencyKey: key(),
    tokenIn: TOKEN_A,
    tokenOut: TOKEN_B,
    amountIn: UNIT.toString(),
    ...over,
  });

  it('is bound by the quote less the slippage and by the deadline', async () => {
    const deadline = new Date(Math.floor(api.clock() / 1000) * 1000 + 600_000).toISOString();
    const receipt = await give(SWAP, swap({ deadline }));
    expect(receipt).toMatchObject({ kind: 'SWAP', status: 'ACCEPTED', deadline });
    const quoted = quoteSwap({ reserveIn: RESERVE_A, reserveOut: RESERVE_B }, FEES, UNIT).amountOut;
    expect(decode('swap', receipt.transaction.data)).toEqual([
      market.poolId,
      TOKEN_A,
      UNIT,
      (quoted * 9950n) / 10_000n,
      BigInt(Date.parse(deadline) / 1000),
    ]);
    const [event] = await api.events(requestStream(receipt.commandId));
    expect(event?.data).toMatchObject({ terms: { amountOutQuoted: quoted.toString() } });
  });

  it('shows in its command and among the caller’s commands what the chain says about it', async () => {
    const { commandId } = await give(SWAP, swap());
    const amountOut = quoteSwap({ reserveIn: RESERVE_A, reserveOut: RESERVE_B }, FEES, UNIT).amountOut;
    const txHash = api.chain.nextTxHash();
    const facts = swapFacts({
      poolId: market.poolId,
      user: market.wallet.address,
      manager: CONTRACTS.liquidityManager,
      tokenIn: TOKEN_A,
      tokenOut: TOKEN_B,
      amountIn: UNIT,
      amountOut,
      reserveA: RESERVE_A + UNIT - UNIT / 1000n,
      reserveB: RESERVE_B - amountOut,
    });
    const blockNumber = await api.chain.mine({ facts, txHash, commandId });
    await confirm(api, commandId, { txHash, blockNumber }, facts[2]);
    await api.settle();
    const { swaps, commands } = await market.client.query(
      `query ($pool: Hash!) {
        swaps(first: 1, filter: { poolId: $pool }) { edges { node { txHash commandId amountOut fee protocolFee finality { status } } } }
        commands(first: 1, filter: { poolId: $pool, kinds: [SWAP], statuses: [CONFIRMED] }) {
          edges { node { commandId status kind terms { amountIn amountOutMin } outcome { amountOut } finality { status } } }
        }
      }`,
      { pool: market.poolId },
    );
    expect(swaps.edges[0].node).toEqual({
      txHash,
      commandId,
      amountOut: amountOut.toString(),
      fee: ((UNIT * 3n) / 1000n).toString(),
      protocolFee: (UNIT / 1000n).toString(),
      finality: { status: 'CONFIRMED' },
    });
    expect(commands.edges[0].node).toMatchObject({
      ...{ commandId, kind: 'SWAP', status: 'CONFIRMED', terms: { amountIn: UNIT.toString() } },
      ...{ outcome: { amountOut: amountOut.toString() }, finality: { status: 'CONFIRMED' } },
    });
    const other = await signIn(api.client, Wallet.createRandom());
    const { commands: theirs } = await other.query(`{ commands { edges { node { commandId } } } }`);
    expect(theirs.edges).toEqual([]);
  });

  it('refuses what the balance does not cover, and the log says so', async () => {
    const other = Wallet.createRandom();
    const client = await signIn(api.client, other);
    const { extensions } = await client.refusal(SWAP, { input: swap() });
    expect(extensions).toMatchObject({
      code: 'INSUFFICIENT_BALANCE',
      field: 'amountIn',
      details: { balance: '0', committed: '0', needed: UNIT.toString() },
    });
    const rejected = (await api.events(userStream(other.address))).at(-1);
    expect(rejected).toMatchObject({
      type: 'CommandRejected',
      metadata: { actor: other.address, correlationId: extensions.correlationId },
      data: { command: 'swap', code: 'INSUFFICIENT_BALANCE', field: 'amountIn' },
    });
  });

  it('may be given again under its key once what stood against it is gone', async () => {
    const other = Wallet.createRandom();
    const client = await signIn(api.client, other);
    const input = swap();
    await client.refusal(SWAP, { input });
    await api.settle();
    await api.chain.mine({
      facts: [transferTo(other.address)],
      txHash: api.chain.nextTxHash(),
    });
    await api.settle();
    const { receipt } = await client.query(SWAP, { input });
    expect(receipt.status).toBe('ACCEPTED');
    await api.settle();
    const { command } = await client.query(COMMAND, { id: receipt.commandId });
    expect(command).toMatchObject({ status: 'ACCEPTED', kind: 'SWAP', failure: null });
  });
});

const transferTo = (to: string) => transferFact(TOKEN_A, market.wallet.address, to, 2n * UNIT);
