import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LogSigner, startTree } from '@abland/audit';
import { tilePath } from '@abland/audit-verify';
import { requestStream, type Uuid } from '@abland/domain';
import { silentLogger } from '@abland/kernel';
import { eventually } from '@abland/testing';
import { Wallet } from 'ethers';
import { type ApiClient, signIn } from './api-client.js';
import { COMMAND, SUBMIT_TRANSACTION, SWAP } from './documents.js';
import { type Market, newKey, openMarket, TOKEN_A, TOKEN_B, UNIT } from './market-fixture.js';
import { progress } from './settle-request.js';
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

/** By every clock. */
function pass(ms: number): void {
  api.clock.advance(ms);
  api.advanceCommonTime(ms);
}

async function order(more: { deadline?: string } = {}) {
  const input = {
    idempotencyKey: newKey(),
    tokenIn: TOKEN_A,
    tokenOut: TOKEN_B,
    amountIn: `${UNIT}`,
    slippageBps: 50,
    ...more,
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

const LOG = `query ($stream: String, $types: [String!], $correlationId: String, $before: BigIntString, $after: BigIntString, $first: Int) {
  logEvents(stream: $stream, types: $types, correlationId: $correlationId, before: $before, after: $after, first: $first) {
    events { id type stream revision position data } next searched withheld
  } }`;

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

  it('is left out of what operators read of the log', async () => {
    const given = await order();
    await market.client.query(SUBMIT_TRANSACTION, given);
    await api.settle();
    const [event] = await api.events(requestStream(given.commandId as Uuid));
    const id = event?.id ?? '';
    const ofStream = { stream: event?.stream };
    const hidden = (await operator.query(LOG, ofStream)).logEvents;
    expect([hidden.events, hidden.withheld]).toEqual([[], 2]);
    expect(JSON.stringify(await operator.query(LOG, { first: 100 }))).not.toContain(given.commandId);
    const one = `{ logEvent(id: "${id}") { id } logEventTree(id: "${id}") { nodes { event { id } } } }`;
    expect(await operator.query(one)).toEqual({ logEvent: null, logEventTree: null });
  });

  it('is hashed at once, and its entry told to nobody until it waits no more', async () => {
    const tree = startTree({
      ...{ log: api.dependencies.stored.log, pool: api.pool, logger: silentLogger },
      signer: new LogSigner('example.com/log', [new Uint8Array(32).fill(1)]),
    });
    const given = await order();
    await api.settle();
    const [event] = await api.events(requestStream(given.commandId as Uuid));
    await eventually(async () =>
      expect(tree.status().position ?? 0n).toBeGreaterThanOrEqual(event?.position ?? 1n),
    );
    const withOrder = Number(tree.status().size);
    let size = 0;
    await eventually(async () => {
      size = Number((await (await read('checkpoint')).text()).split('\n')[1]);
      expect(size).toBeGreaterThanOrEqual(withOrder);
    });
    const name = {
      level: 'entries',
      number: Math.floor(size / 256),
      width: size % 256,
    } as const;
    const asked = `{ proof(eventId: "${event?.id}") { entry } }`;
    const refused = await read(tilePath(name));
    expect(refused.status).toBe(404);
    expect(await refused.text()).toContain('ENTRIES_NOT_PUBLIC_YET');
    expect(JSON.stringify((await stranger.send(asked)).errors)).toContain('ENTRIES_NOT_PUBLIC_YET');
    expect((await read(tilePath({ ...name, level: 0 }))).headers.get('cache-control')).toContain('immutable');
    api.clock.advance(3 * 60 * 60_000);
    expect((await read(tilePath(name))).status).toBe(404); // by a clock that is ahead alone
    api.advanceCommonTime(3 * 60 * 60_000);
    expect(await (await read(tilePath(name))).text()).toContain(given.commandId);
    expect((await api.client.query(asked)).proof.entry).toContain(given.commandId);
    await tree.stop();
  });

  it('is in what operators read of the log once it waits no more, with all that came of it', async () => {
    const given = await order();
    await market.client.query(SUBMIT_TRANSACTION, given);
    const [event] = await api.events(requestStream(given.commandId as Uuid));
    const id = event?.id ?? '';
    const ofStream = { stream: event?.stream };
    const data = {
      txHash: given.txHash,
      from: market.wallet.address,
      to: CONTRACTS.liquidityManager,
      reason: null,
    };
    const blockNumber = await api.chain.mine({
      facts: [{ type: 'TransactionFailed', version: 1, data }],
      ...given,
    });
    const mined = { txHash: given.txHash, blockNumber, blockHash: api.chain.blockHash(blockNumber) };
    await progress(api, given.commandId, {
      ...{ type: 'RevertRequest', chainId: api.chain.chainId, mined },
      ...{ sender: market.wallet.address, reason: null },
    });
    await api.settle();
    const { logEvents } = await operator.query(LOG, ofStream);
    const types = logEvents.events.map(({ type }: { type: string }) => type);
    expect(types.toReversed().slice(0, 2)).toEqual(['SwapRequested', 'RequestSubmitted']);
    expect(logEvents.next).toBeNull();
    const { logEventTree } = await operator.query(
      `{ logEventTree(id: "${id}") { whole nodes { causeId event { id type } } } }`,
    );
    const fact = logEventTree.nodes.find(
      ({ event: { type } }: { event: { type: string } }) => type === 'TransactionFailed',
    );
    expect([logEventTree.whole, logEventTree.nodes[0].event.id, fact.causeId]).toEqual([true, id, id]);

    const newest = (await operator.query(LOG, { first: 2 })).logEvents;
    const before = (await operator.query(LOG, { first: 2, before: newest.next })).logEvents;
    const positions = [...newest.events, ...before.events].map(({ position }: { position: string }) =>
      Number(position),
    );
    expect(positions).toEqual([...positions].sort((a, b) => b - a));
    expect(new Set(positions).size).toBe(4);
    const after = (await operator.query(LOG, { first: 3, after: before.next })).logEvents;
    expect(Number(after.events[0].position)).toBeGreaterThan(Number(before.next));
    const swaps = (await operator.query(LOG, { types: ['TransactionFailed'], first: 100 })).logEvents;
    expect(new Set(swaps.events.map(({ type }: { type: string }) => type))).toEqual(
      new Set(['TransactionFailed']),
    );

    expect((await stranger.refusal(LOG)).extensions.code).toBe('FORBIDDEN');
    for (const [variables, field] of [
      [{ before: '-1' }, 'before'],
      [{ after: '1', before: '2' }, 'after'],
      [{ types: Array(21).fill('Swap') }, 'types'],
      [{ stream: 'x'.repeat(301) }, 'stream'],
    ] as const)
      expect((await operator.refusal(LOG, variables)).extensions).toMatchObject({
        code: 'INVALID_ARGUMENT',
        field,
      });
  });

  it('is left out for as long as its deadline says, and not for longer', async () => {
    const hour = 60 * 60_000;
    const given = await order({ deadline: new Date(api.clock() + 20 * hour).toISOString() });
    await api.settle();
    const ofStream = { stream: requestStream(given.commandId as Uuid) };
    pass(19 * hour);
    expect((await operator.query(LOG, ofStream)).logEvents).toMatchObject({ events: [], withheld: 1 });
    pass(4 * hour);
    const again = await signIn(api.client, operatorWallet);
    expect((await again.query(LOG, ofStream)).logEvents).toMatchObject({
      events: [{ type: 'SwapRequested' }],
      withheld: 0,
    });
  });

  it.each(['log/tile/0/1', 'log/tile/entries/x000/001', 'log/tile/0/999', 'log/envelope/00', 'log/tile/'])(
    'is not found at %s, where nothing is',
    async (path) => {
      const answer = await fetch(`${api.client.url}/${path}`);
      expect([answer.status, answer.headers.get('cache-control') ?? 'no-store']).toEqual([404, 'no-store']);
      expect(await answer.json()).toMatchObject({
        errors: [{ extensions: { details: { reason: 'NOT_FOUND' } } }],
      });
    },
  );

  const read = (path: string): Promise<Response> => fetch(`${api.client.url}/log/${path}`);
});
