import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operationStream, userStream } from '@abland/domain';
import { eventually } from '@abland/testing';
import { Wallet } from 'ethers';
import { type ApiClient, signIn, signInToken } from './api-client.js';
import { newKey } from './market-fixture.js';
import { SubscriptionClient } from './subscription-client.js';
import { startTestApi, type TestApi } from './test-api.js';

const BUILDS =
  '{ projections { name builds { build state activity askedBy reason position behind explained target timeLeft { seconds within } memoryBytes } } }';
const FOLLOW = 'subscription { projections { name builds { build state } } }';
const projection = 'tokens';
const DIFFERENCES = `{ projectionDifferences(projection: "${projection}") {
  live build tables { table explained changed sample { key live build columns } }
} }`;

const REPORTS = `{ differenceReports(projection: "${projection}") { live build position explained madeAt checksums { live build } tables { table } } }`;

type ActName = 'pause' | 'resume' | 'promote' | 'switchBack' | 'discard';
const actDocument = (act: ActName): string =>
  `mutation ($input: BuildActInput!) { ${act}Projection(input: $input) { operationId } }`;
const REBUILD =
  'mutation ($input: RebuildProjectionInput!) { rebuildProjection(input: $input) { operationId } }';

interface BuildAnswer {
  readonly build: number;
  readonly state: string;
  readonly activity: string;
  readonly explained: boolean | null;
}

describe('the builds of read models, in operators’ hands', () => {
  const wallet = Wallet.createRandom();
  let api: TestApi;
  let operator: ApiClient;
  beforeAll(async () => {
    api = await startTestApi({ config: { operators: [wallet.address] } });
    operator = await signIn(api.client, wallet);
  });
  afterAll(() => api.stop());

  const input = (more: object = {}) => ({
    ...{ idempotencyKey: newKey(), projection, reason: 'To see whether it holds' },
    ...more,
  });
  const builds = async (of = projection): Promise<readonly BuildAnswer[]> => {
    const { projections } = await operator.query(BUILDS);
    const found = projections.find(({ name }: { name: string }) => name === of) as { builds: BuildAnswer[] };
    return found.builds;
  };
  const states = async (): Promise<readonly string[]> => (await builds()).map(({ state }) => state);
  const untilStates = (...wanted: string[]): Promise<void> =>
    eventually(async () => expect(await states()).toEqual(wanted));
  const act = (name: ActName, more: object = {}) => operator.query(actDocument(name), { input: input(more) });
  const refused = async (name: ActName, more: object = {}): Promise<{ code: string; field: string | null }> =>
    (await operator.refusal(actDocument(name), { input: input(more) })).extensions;
  const outcome = async (operationId: string): Promise<readonly unknown[]> =>
    (await api.events(operationStream(operationId))).map(({ data, type }) => [
      type,
      data['kind'] ?? data['code'] ?? data['result'],
    ]);

  it('are begun, paused, resumed, promoted, switched back and discarded, each act recorded with what came of it', async () => {
    const [first] = await builds();
    expect(first).toMatchObject({ state: 'LIVE', activity: 'LIVE', askedBy: 'program' });
    const { rebuildProjection } = await operator.query(REBUILD, { input: input() });
    await untilStates('LIVE', 'READY');
    // What came of the act is in the log by now, and in the build a moment later.
    await eventually(async () =>
      expect((await builds())[1]).toMatchObject({
        ...{ askedBy: wallet.address, reason: 'To see whether it holds', behind: '0' },
        ...{ timeLeft: { seconds: 0, within: 0 }, memoryBytes: expect.any(Number) },
        target: expect.stringMatching(/^\d+$/),
      }),
    );
    const next = (await builds())[1];
    expect(await outcome(rebuildProjection.operationId)).toEqual([
      ['OperationRequested', 'REBUILD_PROJECTION'],
      ['OperationCompleted', [{ name: 'build', value: String(next?.build) }]],
    ]);
    await act('pause');
    await untilStates('LIVE', 'PAUSED');
    await act('resume');
    await untilStates('LIVE', 'READY');
    const { projectionDifferences } = await operator.query(DIFFERENCES);
    expect(projectionDifferences).toEqual({ live: first?.build, build: next?.build, tables: [] });
    await eventually(async () => expect((await builds())[1]).toMatchObject({ explained: true }));
    const reports = async () => (await operator.query(REPORTS)).differenceReports;
    // Checksums are told once they are reckoned.
    await eventually(async () =>
      expect((await reports())[0]).toMatchObject({
        live: first?.build,
        build: next?.build,
        explained: true,
        checksums: { live: expect.stringMatching(/^[0-9a-f]{64}$/) },
        tables: [],
      }),
    );
    const differenceReports = await reports();
    expect(differenceReports[0].checksums.build).toBe(differenceReports[0].checksums.live);
    await act('promote');
    expect((await operator.query(REPORTS)).differenceReports).toEqual(differenceReports);
    expect((await builds()).map(({ build, state }) => [build, state])).toEqual([
      [next?.build, 'LIVE'],
      [first?.build, 'RETIRED'],
    ]);
    await act('switchBack');
    await eventually(async () =>
      expect((await builds()).map(({ build, state }) => [build, state])).toEqual([
        [first?.build, 'LIVE'],
        [next?.build, 'RETIRED'],
      ]),
    );
    const { discardProjection } = await act('discard', { build: next?.build });
    expect(await states()).toEqual(['LIVE']);
    expect((await outcome(discardProjection.operationId))[0]).toEqual([
      'OperationRequested',
      'DISCARD_PROJECTION',
    ]);
  });

  it('are acted on once, however often an act is sent, and by the first of two operators', async () => {
    const asked = { input: input() };
    const { rebuildProjection } = await operator.query(REBUILD, asked);
    expect((await operator.query(REBUILD, asked)).rebuildProjection).toEqual(rebuildProjection);
    expect(await states()).toHaveLength(2);
    const another = await operator.refusal(REBUILD, { input: input() });
    expect(another.extensions).toMatchObject({ code: 'REBUILD_IN_PROGRESS', field: 'build' });
    const both = await Promise.allSettled([act('discard'), act('discard')]);
    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
    expect(await states()).toEqual(['LIVE']);
  });

  it('refuse by code what cannot be done, change nothing, and record that it was refused', async () => {
    const before = await builds();
    const [live] = before;
    expect(await refused('promote')).toMatchObject({ code: 'UNKNOWN_BUILD', field: 'build' });
    expect(await refused('switchBack')).toMatchObject({ code: 'UNKNOWN_BUILD' });
    expect(await refused('discard', { build: live?.build })).toMatchObject({ code: 'BUILD_STATE' });
    expect(await refused('pause', { build: 1_000_000 })).toMatchObject({ code: 'UNKNOWN_BUILD' });
    expect(await refused('pause', { reason: ' ' })).toMatchObject({ code: 'INVALID_REASON' });
    const key = newKey();
    const unknown = await operator.refusal(REBUILD, {
      input: input({ projection: 'x'.repeat(300), idempotencyKey: key }),
    });
    expect(unknown.extensions).toMatchObject({ code: 'UNKNOWN_PROJECTION', field: 'projection' });
    expect((await builds()).map(({ build, state }) => [build, state])).toEqual(
      before.map(({ build, state }) => [build, state]),
    );
    await api.settle();
    const { operations } = await operator.query(
      '{ operations(first: 1) { edges { node { subject status failure { code } } } } }',
    );
    expect(operations.edges[0].node).toEqual({
      ...{ subject: 'x'.repeat(100), status: 'FAILED', failure: { code: 'UNKNOWN_PROJECTION' } },
    });
  });

  it('are not promoted while they are behind, once they failed, or once another discarded them, each refusal recorded', async () => {
    await operator.query(REBUILD, { input: input() });
    await untilStates('LIVE', 'READY');
    const build = (await builds())[1]?.build;
    const put = (state: string) =>
      api.pool.query(
        `UPDATE projections.builds SET state = $2, definition = 'of a program that is not here', generation = generation + 1 WHERE id = $1`,
        [build, state],
      );
    const refusals: (readonly [string, string])[] = [];
    const refuse = async (reason: string, asked: object = {}): Promise<void> => {
      refusals.push([reason, (await refused('promote', { build, reason, ...asked })).code]);
    };
    const again = await operator.refusal(REBUILD, { input: input({ reason: 'one is in progress' }) });
    refusals.push(['one is in progress', again.extensions.code]);
    await act('pause', { build });
    await refuse('it is paused');
    await put('FAILED');
    await refuse('it failed');
    await put('BUILDING');
    await refuse('it is behind');
    await act('discard', { build });
    await refuse('another discarded it');
    expect(refusals).toEqual([
      ['one is in progress', 'REBUILD_IN_PROGRESS'],
      ['it is paused', 'BUILD_STATE'],
      ['it failed', 'BUILD_STATE'],
      ['it is behind', 'BUILD_BEHIND'],
      ['another discarded it', 'UNKNOWN_BUILD'],
    ]);
    expect(await states()).toEqual(['LIVE']);
    await api.settle();
    const { operations } = await operator.query(
      '{ operations(first: 100, status: FAILED) { edges { node { reason failure { code } } } } }',
    );
    const told: { node: { reason: string; failure: { code: string } } }[] = operations.edges;
    expect(told.map(({ node }) => [node.reason, node.failure.code])).toEqual(
      expect.arrayContaining(refusals),
    );
  });

  it('are acted on, and events skipped, for a reason alone: who gives none is recorded', async () => {
    const skip =
      'mutation ($input: ParkedEventDecisionInput!) { skipParkedEvent(input: $input) { operationId } }';
    const asked = { idempotencyKey: newKey(), id: 'PROJECTION/tokens/none', reason: ' ' };
    expect((await operator.refusal(skip, { input: asked })).extensions.code).toBe('INVALID_REASON');
    const rejected = (await api.events(userStream(wallet.address))).filter(
      ({ type }) => type === 'CommandRejected',
    );
    expect(rejected.map(({ data }) => [data['command'], data['code']])).toContainEqual([
      'skipParkedEvent',
      'INVALID_REASON',
    ]);
    const again = { ...asked, idempotencyKey: newKey(), reason: 'It is nobody’s' };
    expect((await operator.refusal(skip, { input: again })).extensions.code).toBe('UNKNOWN_PARKED_EVENT');
  });

  it('are nobody else’s to see or to act on, and who tries is recorded', async () => {
    const stranger = Wallet.createRandom();
    const client = await signIn(api.client, stranger);
    for (const [document, variables] of [
      [BUILDS, {}],
      [DIFFERENCES, {}],
      [REPORTS, {}],
      [REBUILD, { input: input() }],
      [actDocument('promote'), { input: input() }],
    ] as const)
      expect((await client.refusal(document, variables)).extensions.code).toBe('FORBIDDEN');
    expect(await states()).toEqual(['LIVE']);
    const rejected = (await api.events(userStream(stranger.address))).filter(
      ({ type }) => type === 'CommandRejected',
    );
    expect(rejected.map(({ data }) => [data['command'], data['code']])).toEqual([
      ['rebuildProjection', 'NOT_AN_OPERATOR'],
      ['promoteProjection', 'NOT_AN_OPERATOR'],
    ]);
  });

  it('are told by subscription as they are, and at each change', async () => {
    const authorization = `Bearer ${await signInToken(api.client, wallet)}`;
    const follower = await SubscriptionClient.connect(api.client.url, { authorization });
    await follower.message(({ type }) => type === 'connection_ack');
    follower.subscribe('1', FOLLOW);
    const told =
      (...wanted: string[]) =>
      ({ payload, type }: { type: string; payload?: { data?: { projections?: Told } } }): boolean =>
        type === 'next' &&
        payload?.data?.projections?.name === projection &&
        payload.data.projections.builds.map(({ state }) => state).join() === wanted.join();
    try {
      await follower.message(told('LIVE'));
      await operator.query(REBUILD, { input: input({ promotesItself: true }) });
      await follower.message(told('LIVE', 'RETIRED'));
    } finally {
      follower.socket.terminate();
    }
  });
});

interface Told {
  readonly name: string;
  readonly builds: readonly { readonly state: string }[];
}
