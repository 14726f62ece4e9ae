import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { type RunningApi, startApi } from '../src/index.js';
import { type Answer, type ApiClient, createClient } from './api-client.js';
import { CREATE_TOKEN, SUBMIT_TRANSACTION } from './documents.js';
import { holdReadModels } from './held-read-models.js';
import { createTokenInput, type Market, openMarket } from './market-fixture.js';
import { PATIENT, startTestApi, type TestApi } from './test-api.js';

const WITHIN_MS = 90_000;
const COMMAND = `query ($id: Uuid!) { command(id: $id) { status requestedAt } _meta { position } }`;
const LISTED = `{ commands(first: 1) { edges { node { commandId } } } _meta { position } }`;

let api: TestApi;
let market: Market;
let client: ApiClient;

/** The read models stand for as long as work takes. */
async function whileStanding<Result>(work: (go: () => Promise<void>) => Promise<Result>): Promise<Result> {
  const letGo = await holdReadModels(api);
  let released: Promise<void> | null = null;
  const go = (): Promise<void> => (released ??= letGo());
  try {
    return await work(go);
  } finally {
    await go();
  }
}
const at = (position: string): Record<string, string> => ({ 'x-min-position': position });
const give = async (): Promise<{ commandId: string; position: string }> =>
  (await client.query(CREATE_TOKEN, { input: createTokenInput({ decimals: 18 }) })).receipt;

beforeAll(async () => {
  api = await startTestApi({ config: { positionWithinMs: WITHIN_MS }, limits: PATIENT });
  market = await openMarket(api);
  client = market.client;
});
afterAll(() => api.stop());

describe('reading what one has written', () => {
  it('waits until the read models are at the position of a receipt, and says how far they are', async () => {
    await whileStanding(async (go) => {
      const { commandId, position } = await give();
      const without = await client.send(LISTED);
      expect(without.data.commands.edges).toEqual([]);
      let answered = false;
      const asked = client.send(LISTED, {}, at(position)).then((answer) => {
        answered = true;
        return answer;
      });
      for (let others = 0; others < 5; others += 1) await client.query('{ tokens(first: 1) { totalCount } }');
      expect(answered).toBe(false);
      await go();
      const answer = await asked;
      expect(answer.errors).toEqual([]);
      expect(answer.data.commands.edges).toEqual([{ node: { commandId } }]);
      expect(BigInt(answer.headers.get('x-position') ?? '')).toBeGreaterThanOrEqual(BigInt(position));
      expect(BigInt(answer.data._meta.position)).toBeGreaterThanOrEqual(BigInt(position));
    });
  });

  it('has a position in the receipt of each command, also of one that is given again', async () => {
    const input = createTokenInput({ decimals: 18 });
    const { receipt: first } = await client.query(CREATE_TOKEN, { input });
    const { receipt: again } = await client.query(CREATE_TOKEN, { input });
    expect(again.position).toBe(first.position);
    const { commandId } = first;
    const txHash = api.chain.nextTxHash();
    const { receipt: told } = await client.query(SUBMIT_TRANSACTION, { commandId, txHash });
    expect(BigInt(told.position)).toBeGreaterThan(BigInt(first.position));
    const { data } = await client.send(COMMAND, { id: commandId }, at(told.position));
    expect(data.command.status).toBe('SUBMITTED');
    const [requested, submitted] = await api.events(`request-${commandId}`);
    expect([requested?.position, submitted?.position].map(String)).toEqual([first.position, told.position]);
  });

  it('does not wait where the read models are there, and tells nobody a position who did not ask', async () => {
    await api.settle();
    const { _meta } = await client.query('{ _meta { position } }');
    const answer = await client.send('{ _meta { position } }', {}, at(_meta.position));
    expect(answer.headers.get('x-position')).toBe(_meta.position);
    expect((await client.send('{ _meta { position } }')).headers.get('x-position')).toBeNull();
  });

  it('refuses what is no position, and runs nothing of it', async () => {
    for (const position of ['nonsense', '-1', '1.5', '0x10', '123456789012345678901', '1, 2']) {
      const answer: Answer<unknown> = await client.send(
        CREATE_TOKEN,
        { input: createTokenInput({ decimals: 18 }) },
        at(position),
      );
      expect(answer.status).toBe(400);
      expect(answer.errors[0]?.extensions).toMatchObject({ code: 'BAD_REQUEST', field: 'x-min-position' });
    }
  });
});

describe('a position that is not reached', () => {
  let hasty: RunningApi;
  beforeAll(async () => {
    const { config } = api.dependencies;
    hasty = await startApi({
      ...{ ...api.dependencies, metrics: new Registry() },
      config: { ...config, positionWithinMs: 50 },
    });
  });
  afterAll(() => hasty.stop());

  it('is told by a typed error after the time that is waited, with how far the answers are', async () => {
    await api.settle();
    const asking = createClient(hasty.url);
    const { _meta } = await asking.query('{ _meta { position } }');
    const answer = await asking.send('{ _meta { chainId } }', {}, at('99999999999999999999'));
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(answer.data).toBeNull();
    expect(answer.errors[0]?.extensions).toMatchObject({
      code: 'POSITION_NOT_REACHED',
      field: 'x-min-position',
      details: { minPosition: '99999999999999999999', position: _meta.position, waitedMs: 50 },
    });
  });
});
