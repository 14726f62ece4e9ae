import { type DriftFound, reconciliationStream } from '@abland/domain';
import type { JsonObject } from '@abland/kernel';
import { writeReconciliationProgress } from '@abland/projections';
import { eventually } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { v4 as uuidv4 } from 'uuid';
import { CONTRACTS } from './contracts.js';
import { startTestApi, type TestApi } from './test-api.js';
import { CHAIN_ID } from './test-chain.js';

const HASH = `0x${'1'.repeat(64)}`;
const POOL_ID = `0x${'2'.repeat(64)}`;
const AT = '2026-01-01T12:00:00.000Z';
const LATER = '2026-01-01T12:05:00.000Z';
const ID = '00000000-0000-4000-8000-000000000001';
const OTHER_ID = '00000000-0000-4000-8000-000000000002';

const found = (driftId: string, over: Partial<DriftFound['data']> = {}): DriftFound['data'] => ({
  ...{ driftId, kind: 'POOL', contract: CONTRACTS.liquidityManager, poolId: POOL_ID, account: null },
  ...{ differences: [{ name: 'reserveA', ours: '11', chain: '10' }], blockNumber: 9, blockHash: HASH },
  ...{ firstBlock: 4, firstBlockExact: true, at: AT },
  ...over,
});

describe('where answers differ from the chain', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await startTestApi();
  });
  afterAll(() => api.stop());

  async function tell(type: 'DriftFound' | 'DriftEnded', data: object): Promise<void> {
    const metadata = { correlationId: uuidv4(), causationId: null, actor: 'reconciliation' };
    const event = { id: uuidv4(), type, version: 1, data: data as JsonObject, metadata };
    await api.store.append(reconciliationStream(CHAIN_ID), [event], 'any');
    await api.settle();
  }
  const drift = async (args = ''): Promise<Record<string, unknown>[]> => {
    const { drift: list } = await api.client.query(`{ drift${args} { edges { node {
      id kind contract poolId account differences { name ours chain } blockNumber blockHash firstBlock firstBlockExact
      foundAt endedBlock endedAt } } } }`);
    return list.edges.map(({ node }: { node: Record<string, unknown> }) => node);
  };
  const flag = async (): Promise<boolean> => (await api.client.query('{ _meta { drift } }'))._meta.drift;
  const metrics = async (): Promise<string> => (await fetch(`${api.client.url}/metrics`)).text();
  async function readiness(): Promise<{ status: number; told: string; chain: Record<string, unknown> }> {
    const answer = await fetch(`${api.client.url}/ready`);
    const body = (await answer.json()) as { status: string; checks: Record<string, Record<string, unknown>> };
    return { status: answer.status, told: body.status, chain: body.checks[`chain-${CHAIN_ID}`] ?? {} };
  }

  it('is nowhere as long as nothing was found', async () => {
    expect(await drift()).toEqual([]);
    expect(await flag()).toBe(false);
    await eventually(async () => expect(await readiness()).toMatchObject({ status: 200, told: 'ready' }));
  });

  it('is listed, flagged, and makes the API degraded while it answers on, until it ends', async () => {
    await tell('DriftFound', found(ID));
    const account = CONTRACTS.tokenFactory;
    const balance = { kind: 'BALANCE', poolId: null, account, firstBlockExact: false, at: LATER } as const;
    await tell('DriftFound', found(OTHER_ID, balance));
    const { driftId: _, at: foundAt, ...first } = found(ID);
    const open = { endedBlock: null, endedAt: null };
    expect(await drift()).toEqual([
      expect.objectContaining({ id: OTHER_ID, kind: 'BALANCE', account, firstBlockExact: false }),
      { ...first, ...open, id: ID, foundAt },
    ]);
    expect(await flag()).toBe(true);
    const degraded = { status: 200, told: 'degraded', chain: { ok: true, drifts: 2 } };
    await eventually(async () => expect(await readiness()).toMatchObject(degraded));
    expect(await metrics()).toContain(`abland_api_drift{chain="${CHAIN_ID}"} 2`);

    await tell('DriftEnded', { driftId: ID, blockNumber: 12, blockHash: HASH, at: LATER });
    expect((await drift('(open: true)')).map(({ id }) => id)).toEqual([OTHER_ID]);
    expect(await drift('(open: false)')).toEqual([
      { ...first, id: ID, foundAt, endedBlock: 12, endedAt: LATER },
    ]);
    expect(await flag()).toBe(true);
    await tell('DriftEnded', { driftId: OTHER_ID, blockNumber: 12, blockHash: HASH, at: LATER });
    expect(await flag()).toBe(false);
    await eventually(async () => expect(await readiness()).toMatchObject({ status: 200, told: 'ready' }));
  });

  it('is read page by page, newest first', async () => {
    const query = (after: string) =>
      `{ drift(first: 1${after}) { edges { node { id } } pageInfo { endCursor hasNextPage } } }`;
    const { drift: first } = await api.client.query(query(''));
    const { drift: second } = await api.client.query(query(`, after: "${first.pageInfo.endCursor}"`));
    expect([first, second].flatMap(({ edges }) => edges[0].node.id)).toEqual([OTHER_ID, ID]);
    expect([first.pageInfo.hasNextPage, second.pageInfo.hasNextPage]).toEqual([true, false]);
  });

  it('is looked for as far as the comparing says that it is', async () => {
    const query = `{ _meta { reconciliation { block at compared rounds { kinds began compared lastEnded lastSeconds } } } }`;
    expect((await api.client.query(query))._meta.reconciliation).toBeNull();
    const track = (kind: string) => ({
      ...{ kind, after: ['a'], compared: 3, roundBegan: AT, lastRoundSeconds: 60, lastRoundEnded: AT },
    });
    const tracks = { MARKET: track('POOL'), HOLDERS: track('BALANCE') };
    await writeReconciliationProgress(api.pool, CHAIN_ID, { tracks, compared: 70, block: 9, at: LATER });
    const round = { began: AT, compared: 3, lastEnded: AT, lastSeconds: 60 };
    expect((await api.client.query(query))._meta.reconciliation).toEqual({
      ...{ block: 9, at: LATER, compared: 70 },
      rounds: [
        { kinds: ['SETTINGS', 'POOL', 'SUPPLY'], ...round },
        { kinds: ['POSITION', 'BALANCE'], ...round },
      ],
    });
  });

  it('is not told of where what was written of the comparing is of no version that is known', async () => {
    await writeReconciliationProgress(api.pool, CHAIN_ID, { tracks: {}, compared: 1 });
    expect(
      (await api.client.query('{ _meta { reconciliation { block } } }'))._meta.reconciliation,
    ).toBeNull();
  });
});
