import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { alarmsStream, operationStream } from '@abland/domain';
import { readPulses } from '@abland/postgres';
import { until } from '@abland/testing';
import { Wallet } from 'ethers';
import { type ApiClient, signIn } from './api-client.js';
import { newKey } from './market-fixture.js';
import { startTestApi, type TestApi } from './test-api.js';

const OTHER_ALARM = '6f9619ff-8b86-4011-b42d-00c04fc964fc';
const AT = '2026-01-01T12:00:00.000Z';
const HASH = `0x${'2'.repeat(64)}`;
const DECIDE = 'mutation ($input: DecideReorgInput!) { decideReorg(input: $input) { operationId } }';

describe('an operator’s decision on a reorg', () => {
  const wallet = Wallet.createRandom();
  let api: TestApi;
  let operator: ApiClient;
  beforeAll(async () => {
    api = await startTestApi({ config: { operators: [wallet.address] } });
    operator = await signIn(api.client, wallet);
  });
  afterAll(() => api.stop());

  const input = () => ({ idempotencyKey: newKey(), decision: 'ACCEPT', reason: 'The network went back' });
  /** Until the chain's indexer is heard to stand with it; null: with nothing. */
  const standWith = async (failure: string | null): Promise<void> => {
    const part = 'indexer-31337';
    api.programs.telling = (pulses) =>
      pulses.map((pulse) => (pulse.part === part ? { ...pulse, failure } : pulse));
    await until(async () => (await readPulses(api.pool)).get(part)?.failure === failure);
  };

  const halt = (haltId: string) =>
    api.store.append(
      alarmsStream(31337),
      [
        {
          ...{ id: haltId, type: 'ChainHalted', version: 2 },
          data: {
            ...{ haltId, code: 'REORG_TOO_DEEP', published: 9, head: 12, final: null, at: AT },
            seen: { provider: 'https://node.example', block: { number: 5, hash: HASH } },
          },
          metadata: { correlationId: haltId, causationId: null, actor: 'chain-alarms' },
        },
      ],
      'no_stream',
    );
  const nothingChanged = async () => {
    expect((await api.pool.query('SELECT FROM leases.accepted_reorgs')).rowCount).toBe(0);
    const types: string[] = [];
    for await (const page of api.store.readAll()) types.push(...page.map(({ type }) => type));
    expect(types.filter((type) => type.startsWith('Operation'))).toEqual([]);
  };

  it('is for operators alone, and refused where no reorg stands', async () => {
    const stranger = await signIn(api.client, Wallet.createRandom());
    expect((await stranger.refusal(DECIDE, { input: input() })).extensions.code).toBe('FORBIDDEN');
    await standWith('CHAIN_RPC_UNAVAILABLE');
    for (const decision of ['ACCEPT', 'WAIT']) {
      const asked = { ...input(), decision };
      expect((await operator.refusal(DECIDE, { input: asked })).extensions.code).toBe('NO_REORG_TO_DECIDE');
    }
    await nothingChanged();
  });

  it('is about one alarm, and refused for another', async () => {
    await standWith('REORG_TOO_DEEP');
    const alarmId = '6f9619ff-8b86-4011-b42d-00c04fc964fb';
    const named = { ...input(), alarmId };
    const none = await operator.refusal(DECIDE, { input: named });
    expect(none.extensions).toMatchObject({ code: 'REORG_ALARM_OVER', field: 'alarmId' });
    await standWith(null); // of an indexer that was just started again: the alarm stands
    await halt(OTHER_ALARM);
    for (const decision of ['ACCEPT', 'WAIT']) {
      const refused = await operator.refusal(DECIDE, { input: { ...input(), decision, alarmId } });
      expect(refused.extensions).toMatchObject({
        code: 'REORG_ALARM_OVER',
        details: { alarmId: OTHER_ALARM },
      });
    }
    await nothingChanged();
    const { chains } = await operator.query(
      '{ chains { alarm { id reason since provider providerBlock providerHash } } }',
    );
    expect(chains).toEqual([
      {
        alarm: {
          ...{ id: OTHER_ALARM, reason: 'REORG_TOO_DEEP', since: AT, provider: 'https://node.example' },
          ...{ providerBlock: 5, providerHash: HASH },
        },
      },
    ]);
  });

  it('is taken once, by one operation, however often it is sent', async () => {
    const asked = { input: { ...input(), alarmId: OTHER_ALARM } };
    const { decideReorg } = await operator.query(DECIDE, asked);
    expect((await operator.query(DECIDE, asked)).decideReorg).toEqual(decideReorg);
    expect((await operator.refusal(DECIDE, { input: input() })).extensions.code).toBe('REORG_DECIDED');
    const { rows } = await api.pool.query('SELECT chain_id, operation_id FROM leases.accepted_reorgs');
    expect(rows).toEqual([{ chain_id: '31337', operation_id: decideReorg.operationId }]);
    // What comes of it is told by who carries it out.
    const recorded = await api.events(operationStream(decideReorg.operationId));
    expect(recorded.map(({ type }) => type)).toEqual(['OperationRequested']);
  });

  it('is to wait, too, which withdraws what was accepted and is not carried out', async () => {
    const { rows } = await api.pool.query<{ operation_id: string }>(
      'SELECT operation_id FROM leases.accepted_reorgs',
    );
    const asked = { input: { ...input(), decision: 'WAIT' } };
    const { decideReorg } = await operator.query(DECIDE, asked);
    expect((await operator.query(DECIDE, asked)).decideReorg).toEqual(decideReorg);
    const left = await api.pool.query('SELECT outcome FROM leases.accepted_reorgs');
    expect(left.rows).toMatchObject([{ outcome: { kind: 'FAILED', code: 'REORG_WITHDRAWN' } }]);
    const events = await api.events(operationStream(decideReorg.operationId));
    expect(events.map(({ data, type }) => [type, data['kind'] ?? data['result']])).toEqual([
      ['OperationRequested', 'WAIT_FOR_BRANCH'],
      [
        'OperationCompleted',
        [
          { name: 'stoodWith', value: 'REORG_TOO_DEEP' },
          { name: 'withdrawn', value: rows[0]?.operation_id },
        ],
      ],
    ]);
    const other = { input: { ...asked.input, decision: 'ACCEPT' } };
    expect((await operator.refusal(DECIDE, other)).extensions.code).toBe('IDEMPOTENCY_KEY_REUSED');
  });
});
