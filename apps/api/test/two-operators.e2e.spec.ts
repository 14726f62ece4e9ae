import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operationStream, userStream } from '@abland/domain';
import { eventually } from '@abland/testing';
import { Wallet } from 'ethers';
import { type ApiClient, signIn } from './api-client.js';
import { newKey } from './market-fixture.js';
import { startTestApi, type TestApi } from './test-api.js';

const projection = 'tokens';
const BUILDS = '{ projections { name builds { build state } } }';
const acting = (name: string, input: string): string =>
  `mutation ($input: ${input}!) { ${name}(input: $input) { operationId awaitsApproval } }`;
const REBUILD = acting('rebuildProjection', 'RebuildProjectionInput');
const PROMOTE = acting('promoteProjection', 'BuildActInput');
const SWITCH_BACK = acting('switchBackProjection', 'BuildActInput');
const DISCARD = acting('discardProjection', 'BuildActInput');
const SKIP = acting('skipParkedEvent', 'ParkedEventDecisionInput');
const deciding = (name: 'approve' | 'decline'): string =>
  `mutation ($input: OperationDecisionInput!) { ${name}Operation(input: $input) { operationId } }`;
const OPERATION = `query ($id: Uuid!) {
  operation(id: $id) { status requestedBy build decision { by reason } failure { code } }
}`;

describe('acts that take two operators', () => {
  const wallets = [Wallet.createRandom(), Wallet.createRandom(), Wallet.createRandom()] as const;
  const [ada, grace] = wallets;
  const stranger = Wallet.createRandom();
  let api: TestApi;
  let first: ApiClient;
  let second: ApiClient;
  let third: ApiClient;
  beforeAll(async () => {
    api = await startTestApi({
      config: {
        operators: wallets.map(({ address }) => address),
        approvals: ['promote', 'skip', 'switch-back'],
      },
    });
    [first, second, third] = (await Promise.all(wallets.map((wallet) => signIn(api.client, wallet)))) as [
      ApiClient,
      ApiClient,
      ApiClient,
    ];
  });
  afterAll(() => api.stop());

  const input = (more: object = {}) => ({
    ...{ idempotencyKey: newKey(), projection, reason: 'To see whether it holds' },
    ...more,
  });
  const decision = (operationId: string, reason = 'It holds') => ({
    input: { idempotencyKey: newKey(), operationId, reason },
  });
  const builds = async (): Promise<readonly { build: number; state: string }[]> => {
    const { projections } = await first.query(BUILDS);
    return projections.find(({ name }: { name: string }) => name === projection).builds;
  };
  const untilStates = (...wanted: string[]): Promise<void> =>
    eventually(async () => expect((await builds()).map(({ state }) => state)).toEqual(wanted));
  const types = async (operationId: string): Promise<readonly string[]> =>
    (await api.events(operationStream(operationId))).map(({ type }) => type);
  const refusal = async (client: ApiClient, document: string, variables: object) =>
    (await client.refusal(document, variables as Record<string, unknown>)).extensions;

  it('are asked for by one, done when another approves them, and told with who, why and what came of it', async () => {
    const { rebuildProjection } = await first.query(REBUILD, { input: input() });
    expect(rebuildProjection.awaitsApproval).toBe(false);
    await untilStates('LIVE', 'READY');
    const [before, next] = await builds();
    const asked = { input: input() };
    const { promoteProjection } = await first.query(PROMOTE, asked);
    expect(promoteProjection.awaitsApproval).toBe(true);
    expect((await first.query(PROMOTE, asked)).promoteProjection).toEqual(promoteProjection);
    const { operationId } = promoteProjection;
    expect(await types(operationId)).toEqual(['OperationProposed']);
    expect((await builds()).map(({ state }) => state)).toEqual(['LIVE', 'READY']);

    expect(await refusal(first, deciding('approve'), decision(operationId))).toMatchObject({
      ...{ code: 'SECOND_OPERATOR_NEEDED', field: 'operationId' },
    });
    await second.query(deciding('approve'), decision(operationId));
    expect((await builds()).map(({ build, state }) => [build, state])).toEqual([
      [next?.build, 'LIVE'],
      [before?.build, 'RETIRED'],
    ]);
    expect(await types(operationId)).toEqual([
      'OperationProposed',
      'OperationApproved',
      'OperationCompleted',
    ]);
    await second.query(deciding('approve'), decision(operationId));
    expect(await refusal(third, deciding('approve'), decision(operationId))).toMatchObject({
      ...{ code: 'OPERATION_NOT_WAITING', details: { status: 'COMPLETED', decidedBy: grace.address } },
    });
    expect((await first.query(PROMOTE, asked)).promoteProjection.awaitsApproval).toBe(false);
    await api.settle();
    expect((await first.query(OPERATION, { id: operationId })).operation).toEqual({
      ...{ status: 'COMPLETED', requestedBy: ada.address, build: next?.build, failure: null },
      decision: { by: grace.address, reason: 'It holds' },
    });
    const rejected = (await api.events(userStream(ada.address))).filter(
      ({ type }) => type === 'CommandRejected',
    );
    expect(rejected.map(({ data }) => [data['command'], data['code']])).toEqual([
      ['approveOperation', 'SECOND_OPERATOR_NEEDED'],
    ]);
  });

  it('are done once, whichever of two operators approves at the same moment', async () => {
    const { switchBackProjection } = await first.query(SWITCH_BACK, { input: input() });
    const { operationId } = switchBackProjection;
    const both = await Promise.allSettled(
      [second, third].map((client) => client.query(deciding('approve'), decision(operationId))),
    );
    expect(both.some(({ status }) => status === 'fulfilled')).toBe(true);
    await eventually(async () =>
      expect(await types(operationId)).toEqual([
        'OperationProposed',
        'OperationApproved',
        'OperationCompleted',
      ]),
    );
    await untilStates('LIVE', 'RETIRED');
    await first.query(DISCARD, { input: input() });
    await untilStates('LIVE');
  });

  it('are not done where one of them declines', async () => {
    await first.query(REBUILD, { input: input() });
    await untilStates('LIVE', 'READY');
    const { promoteProjection } = await first.query(PROMOTE, { input: input() });
    const { operationId } = promoteProjection;
    await second.query(deciding('decline'), decision(operationId, 'Not before Monday'));
    expect(await refusal(third, deciding('approve'), decision(operationId))).toMatchObject({
      code: 'OPERATION_NOT_WAITING',
    });
    expect((await builds()).map(({ state }) => state)).toEqual(['LIVE', 'READY']);
    await api.settle();
    expect((await first.query(OPERATION, { id: operationId })).operation).toMatchObject({
      ...{ status: 'DECLINED', decision: { by: grace.address, reason: 'Not before Monday' } },
    });
  });

  it('are done to the build that was meant when they were asked for, or not at all', async () => {
    const { promoteProjection } = await first.query(PROMOTE, { input: input() });
    await first.query(DISCARD, { input: input() });
    await first.query(REBUILD, { input: input() });
    await untilStates('LIVE', 'READY');
    const { operationId } = promoteProjection;
    const refused = await refusal(second, deciding('approve'), decision(operationId));
    expect(refused).toMatchObject({ code: 'UNKNOWN_BUILD' });
    expect(await types(operationId)).toEqual(['OperationProposed', 'OperationApproved', 'OperationFailed']);
    expect((await builds()).map(({ state }) => state)).toEqual(['LIVE', 'READY']);
    await first.query(DISCARD, { input: input() });
  });

  it('are refused at once where they could not be done, and that is recorded', async () => {
    const key = newKey();
    const refused = await refusal(first, PROMOTE, { input: input({ idempotencyKey: key }) });
    expect(refused).toMatchObject({ code: 'UNKNOWN_BUILD' });
    await api.settle();
    const { operations } = await first.query(
      '{ operations(first: 1) { edges { node { kind status failure { code } } } } }',
    );
    expect(operations.edges[0].node).toEqual({
      ...{ kind: 'PROMOTE_PROJECTION', status: 'FAILED', failure: { code: 'UNKNOWN_BUILD' } },
    });
    const skip = { idempotencyKey: newKey(), id: 'INGESTION/1/none', reason: 'It is none of ours' };
    expect(await refusal(first, SKIP, { input: skip })).toMatchObject({ code: 'UNKNOWN_PARKED_EVENT' });
  });

  it('cannot be gone round by a rebuild that promotes itself', async () => {
    const asked = { input: input({ promotesItself: true }) };
    const { rebuildProjection } = await first.query(REBUILD, asked);
    expect(rebuildProjection.awaitsApproval).toBe(true);
    expect(await builds()).toHaveLength(1);
    await second.query(deciding('approve'), decision(rebuildProjection.operationId));
    await untilStates('LIVE', 'RETIRED');
  });

  it('are nobody else’s to decide on, and nothing that is not there is', async () => {
    const client = await signIn(api.client, stranger);
    const nothing = decision('00000000-0000-4000-8000-000000000001');
    for (const name of ['approve', 'decline'] as const) {
      expect(await refusal(client, deciding(name), nothing)).toMatchObject({ code: 'FORBIDDEN' });
      expect(await refusal(first, deciding(name), nothing)).toMatchObject({ code: 'UNKNOWN_OPERATION' });
    }
    const unsaid = { input: { ...nothing.input, reason: ' ' } };
    expect(await refusal(first, deciding('approve'), unsaid)).toMatchObject({ code: 'INVALID_REASON' });
    const rejected = (await api.events(userStream(stranger.address))).filter(
      ({ type }) => type === 'CommandRejected',
    );
    expect(rejected.map(({ data }) => [data['command'], data['code']])).toEqual([
      ['approveOperation', 'NOT_AN_OPERATOR'],
      ['declineOperation', 'NOT_AN_OPERATOR'],
    ]);
  });
});
