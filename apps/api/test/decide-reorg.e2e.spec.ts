import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operationStream } from '@abland/domain';
import { Wallet } from 'ethers';
import { type ApiClient, signIn } from './api-client.js';
import { newKey } from './market-fixture.js';
import { startTestApi, type TestApi } from './test-api.js';

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
  const standWith = (failure: string | null) =>
    api.pool.query(
      `INSERT INTO leases.pulses (part, instance, state, failure, beat_at)
       VALUES ('indexer-31337', '00000000-0000-4000-8000-000000000001', 'FAILED', $1, clock_timestamp() + interval '1 hour')
       ON CONFLICT (part, instance) DO UPDATE SET failure = EXCLUDED.failure`,
      [failure],
    );

  it('is for operators alone, and refused where no reorg stands', async () => {
    const stranger = await signIn(api.client, Wallet.createRandom());
    expect((await stranger.refusal(DECIDE, { input: input() })).extensions.code).toBe('FORBIDDEN');
    await standWith('CHAIN_RPC_UNAVAILABLE');
    expect((await operator.refusal(DECIDE, { input: input() })).extensions.code).toBe('NO_REORG_TO_DECIDE');
  });

  it('is taken once, by one operation, however often it is sent', async () => {
    await standWith('REORG_TOO_DEEP');
    const asked = { input: input() };
    const { decideReorg } = await operator.query(DECIDE, asked);
    expect((await operator.query(DECIDE, asked)).decideReorg).toEqual(decideReorg);
    expect((await operator.refusal(DECIDE, { input: input() })).extensions.code).toBe('REORG_DECIDED');
    const { rows } = await api.pool.query('SELECT chain_id, operation_id FROM leases.accepted_reorgs');
    expect(rows).toEqual([{ chain_id: '31337', operation_id: decideReorg.operationId }]);
  });

  it('is to wait, too, which withdraws what was accepted and is not carried out', async () => {
    await standWith('REORG_TOO_DEEP');
    const { rows } = await api.pool.query<{ operation_id: string }>(
      'SELECT operation_id FROM leases.accepted_reorgs',
    );
    const asked = { input: { ...input(), decision: 'WAIT' } };
    const { decideReorg } = await operator.query(DECIDE, asked);
    expect((await operator.query(DECIDE, asked)).decideReorg).toEqual(decideReorg);
    const left = await api.pool.query('SELECT operation_id FROM leases.accepted_reorgs');
    expect(left.rows).toEqual([]);
    const events = [];
    for await (const page of api.store.readStream(operationStream(decideReorg.operationId)))
      events.push(...page);
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
