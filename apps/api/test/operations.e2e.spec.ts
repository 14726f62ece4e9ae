import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { operationStream, userStream } from '@abland/domain';
import { randomUUID } from 'node:crypto';
import { id, Wallet } from 'ethers';
import { type ApiClient, signIn } from './api-client.js';
import { ERASE_MY_DATA, ERASE_USER } from './documents.js';
import { newKey } from './market-fixture.js';
import { startTestApi, type TestApi } from './test-api.js';

const OPERATIONS = `query ($first: Int, $after: Cursor) {
  operations(first: $first, after: $after) {
    edges { node { id kind subject requestedBy reason status result { name value } failure { code reason } requestedAt endedAt } }
    pageInfo { hasNextPage endCursor }
  }
}`;

const operatorWallet = Wallet.createRandom();
let api: TestApi;
let operator: ApiClient;

beforeAll(async () => {
  api = await startTestApi({ config: { operators: [operatorWallet.address] } });
  operator = await signIn(api.client, operatorWallet);
});
afterAll(() => api.stop());

const erase = (address: string, reason = 'Asked by letter') =>
  operator.send(ERASE_USER, { input: { idempotencyKey: newKey(), address, reason } });

/** Of what came into the log after a position. */
async function typesAfter(position: bigint | null): Promise<readonly string[]> {
  const types: string[] = [];
  for await (const page of api.store.readAll({ after: position ?? 0n }))
    types.push(...page.map(({ type }) => type));
  return types;
}

const PARKED = `query ($at: ParkedAt, $first: Int, $after: Cursor) {
  parkedEvents(at: $at, first: $first, after: $after) {
    edges { node { id at by eventId position stream type code reason defect parkedAt } }
    pageInfo { hasNextPage endCursor }
  }
}`;

describe('parked events', () => {
  const [ONE, OTHER] = ['00000000-0000-4000-8000-00000000000a', '00000000-0000-4000-8000-00000000000b'];
  beforeAll(async () => {
    const parked = (by: string, values: string) =>
      api.pool.query(
        `INSERT INTO read_model.parked_by_${by} (event_id, position, stream, type, code, reason, defect, parked_at)
         VALUES ($1, 41, 'chain-31337', 'Swap', ${values})`,
        [ONE],
      );
    await parked(
      'swaps',
      `'PROJECTION_DEFECT', 'at postgres://u:secret@host/db', true, '2026-01-01T00:00:00.000001Z'`,
    );
    await parked('pools', `'UNKNOWN_POOL', 'no such pool', false, '2026-01-03T00:00:00Z'`);
    await api.pool.query(
      `INSERT INTO read_model.parked_logs (chain_id, event_id, revision, block_number, block_time, tx_hash, log_index, code, reason, log, parked_at)
       VALUES (31337, $1, 5, 1, 1, '0x', 0, 'LOG_UNDECODABLE', 'too few bytes', '{}', '2026-01-04T00:00:00.000Z')`,
      [OTHER],
    );
    await api.pool.query(
      `INSERT INTO read_model.parked_messages (chain_id, event_id, topic, code, reason, parked_at)
       VALUES (31337, $1, 'chain-31337', 'MESSAGE_ILL_FORMED', 'no kind', '2026-01-05T00:00:00.000Z')`,
      [ONE],
    );
    await api.pool.query(
      `INSERT INTO processes.parked (process, cause_id, stream, type, code, reason, parked_at)
       VALUES ('settlement-31337', $1, 'request-1', 'ConfirmRequest', 'CONFIRMATION_MISMATCH', 'not the same', '2026-01-02T00:00:00Z')`,
      [OTHER],
    );
  });

  it('tell operators what was left out, by whom, and why, the oldest first, without secrets', async () => {
    const { parkedEvents } = await operator.query(PARKED);
    expect(parkedEvents.edges.map(({ node }: { node: object }) => node)).toMatchObject([
      {
        at: 'PROJECTION',
        by: 'swaps',
        eventId: ONE,
        position: '41',
        defect: true,
        code: 'PROJECTION_DEFECT',
      },
      {
        ...{ at: 'PROCESS', by: 'settlement-31337', eventId: OTHER, position: null, defect: null },
        ...{ stream: 'request-1', type: 'ConfirmRequest', parkedAt: '2026-01-02T00:00:00.000Z' },
      },
      { at: 'PROJECTION', by: 'pools', defect: false },
      {
        ...{ at: 'INGESTION', by: 'ingester-31337', eventId: OTHER, position: null, defect: null },
        ...{ stream: 'chain-31337', type: 'LogParked', code: 'LOG_UNDECODABLE' },
      },
      { at: 'STREAM', stream: 'chain-31337', type: 'MessageParked', code: 'MESSAGE_ILL_FORMED' },
    ]);
    expect(JSON.stringify(parkedEvents)).not.toContain('secret');
  });

  it('tell everybody how many logs of a chain became no fact, and nothing where no table tells', async () => {
    const told = async (): Promise<unknown> =>
      (await api.client.query('{ _meta { parkedLogs drift reconciliation { compared } } }'))._meta;
    expect(await told()).toMatchObject({ parkedLogs: 1 });
    // As where this version's API comes before the programs that make its tables.
    const tables = ['read_model.parked_logs', 'read_model.drifts', 'reconciliation.progress'];
    for (const table of tables)
      await api.pool.query(`ALTER TABLE ${table} RENAME TO not_yet_${table.length}`);
    try {
      expect(await told()).toMatchObject({ parkedLogs: null, drift: null, reconciliation: null });
    } finally {
      for (const table of tables) {
        const [schema, name] = table.split('.');
        await api.pool.query(`ALTER TABLE ${schema}.not_yet_${table.length} RENAME TO ${name}`);
      }
    }
  });

  it('come in pages, and of one place', async () => {
    const met: string[] = [];
    let after: string | null = null;
    for (let pages = 0; pages < 5; pages += 1) {
      const {
        parkedEvents,
      }: { parkedEvents: { edges: { node: { by: string } }[]; pageInfo: { endCursor: string } } } =
        await operator.query(PARKED, { first: 1, after });
      met.push(...parkedEvents.edges.map(({ node }) => node.by));
      after = parkedEvents.pageInfo.endCursor;
    }
    expect(met).toEqual(['swaps', 'settlement-31337', 'pools', 'ingester-31337', 'ingester-31337']);
    const { parkedEvents } = await operator.query(PARKED, { at: 'PROCESS' });
    expect(parkedEvents.edges).toHaveLength(1);
    expect((await operator.refusal(PARKED, { after: 'nonsense' })).extensions.code).toBe(
      'INVALID_PAGINATION',
    );
  });

  it('are for operators alone', async () => {
    const client = await signIn(api.client, Wallet.createRandom());
    expect((await client.refusal(PARKED)).extensions).toMatchObject({ code: 'FORBIDDEN' });
    expect((await api.client.refusal(PARKED)).extensions.code).toBe('UNAUTHENTICATED');
  });
});

const DECIDE = (name: string) =>
  `mutation ($input: ParkedEventDecisionInput!) { ${name}(input: $input) { operationId } }`;

describe('a decision of what ingestion parked', () => {
  const input = (id: string) => ({ idempotencyKey: newKey(), id, reason: 'Read by an older version' });
  const chainId = 77;
  let parked: string;
  beforeAll(async () => {
    const hash = `0x${'ab'.repeat(32)}`;
    const contract = `0x${'Aa'.repeat(20)}`;
    const place = { chainId, blockNumber: 1, blockHash: hash, blockTime: 1, commandId: null };
    const metadata = { correlationId: hash, causationId: null, actor: 'chain' };
    const log = {
      address: contract,
      topics: [id('CreationFeeUpdated(uint256,uint256)')],
      data: `0x${'1'.padStart(64, '0')}${'2'.padStart(64, '0')}`,
    };
    parked = randomUUID();
    await api.store.append(
      `chain-${chainId}`,
      [
        {
          ...{ id: parked, type: 'LogParked', version: 1 },
          data: {
            ...{ contract, role: 'TOKEN_FACTORY', clock: null, log },
            ...{ code: 'LOG_UNDECODABLE', reason: 'unknown to it' },
          },
          metadata: { ...metadata, chain: { ...place, txHash: hash, logIndex: 0 } },
        },
        {
          ...{ id: randomUUID(), type: 'BlocksFinalized', version: 1, data: { number: 1, hash } },
          metadata: { ...metadata, chain: { ...place, txHash: null, logIndex: null } },
        },
      ],
      'no_stream',
    );
    await api.settle();
  });
  const listed = async (): Promise<string[]> => {
    await api.settle();
    const { parkedEvents } = await operator.query(PARKED, { at: 'INGESTION' });
    return parkedEvents.edges.map(({ node }: { node: { id: string } }) => node.id);
  };

  it('takes its fact in, once however often it is sent, tells who and why, and lists it no more', async () => {
    const subject = `INGESTION/${chainId}/${parked}`;
    expect(await listed()).toContain(subject);
    const asked = input(subject);
    const { retryParkedEvent } = await operator.query(DECIDE('retryParkedEvent'), { input: asked });
    const again = await operator.query(DECIDE('retryParkedEvent'), { input: asked });
    expect(again.retryParkedEvent).toEqual(retryParkedEvent);
    const another = { input: { ...asked, id: `INGESTION/${chainId}/${randomUUID()}` } };
    const { extensions } = await operator.refusal(DECIDE('retryParkedEvent'), another);
    expect(extensions).toMatchObject({ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' });
    const told = await api.events(`chain-${chainId}`);
    expect(told.map(({ type }) => type).slice(2)).toEqual(['CreationFeeUpdated', 'ParkedLogResolved']);
    expect(await listed()).not.toContain(subject);
    const { operation } = await operator.query(
      'query ($id: Uuid!) { operation(id: $id) { kind subject reason status result { name value } } }',
      { id: retryParkedEvent.operationId },
    );
    expect(operation).toEqual({
      ...{ kind: 'RETRY_PARKED_EVENT', subject, reason: asked.reason, status: 'COMPLETED' },
      result: [{ name: 'fact', value: 'CreationFeeUpdated' }],
    });
  });

  it.each([
    ['INGESTION/77/00000000-0000-4000-8000-00000000000f', 'UNKNOWN_PARKED_EVENT'],
    ['nonsense', 'UNKNOWN_PARKED_EVENT'],
    ['PROCESS/settlement-31337/1', 'UNKNOWN_PARKED_EVENT'],
    ['PROCESS/settlement-31337/request-x/ConfirmRequest/none', 'UNKNOWN_PARKED_EVENT'],
    [`STREAM/31337/00000000-0000-4000-8000-00000000000f`, 'PARKED_EVENT_NOT_RETRIED'],
    ['PROJECTION/swaps/1', 'UNKNOWN_PARKED_EVENT'],
    ['PROJECTION/swaps/00000000-0000-4000-8000-00000000000f', 'UNKNOWN_PARKED_EVENT'],
  ])('is refused of %s with %s, and of it all that is told is who asked and why not', async (id, code) => {
    const before = await api.store.head();
    const refused = await operator.refusal(DECIDE('skipParkedEvent'), { input: input(id) });
    expect(refused.extensions).toMatchObject({ code, field: 'id' });
    expect(await typesAfter(before)).toEqual(['OperationRequested', 'OperationFailed']);
  });

  it('is taken of what a process parked, too, which is told no more then', async () => {
    const { parkedEvents } = await operator.query(PARKED, { at: 'PROCESS' });
    const [{ node }] = parkedEvents.edges;
    const { skipParkedEvent } = await operator.query(DECIDE('skipParkedEvent'), { input: input(node.id) });
    const told = await api.events(`operation-${skipParkedEvent.operationId}`);
    expect(told.map(({ type }) => type)).toEqual(['OperationRequested', 'OperationCompleted']);
    expect(told[0]?.data).toMatchObject({ subject: node.id, kind: 'SKIP_PARKED_EVENT' });
    expect((await operator.query(PARKED, { at: 'PROCESS' })).parkedEvents.edges).toEqual([]);
  });

  it('is for operators alone', async () => {
    const client = await signIn(api.client, Wallet.createRandom());
    const asked = { input: input('nonsense') };
    expect((await client.refusal(DECIDE('skipParkedEvent'), asked)).extensions).toMatchObject({
      code: 'FORBIDDEN',
    });
    expect((await api.client.refusal(DECIDE('retryParkedEvent'), asked)).extensions.code).toBe(
      'UNAUTHENTICATED',
    );
  });
});

describe('operations', () => {
  it('tell operators who did what, why, and what came of it', async () => {
    const person = Wallet.createRandom();
    await signIn(api.client, person);
    const { eraseUser } = (await erase(person.address)).data;
    const types = (await api.events(operationStream(eraseUser.commandId))).map(({ type }) => type);
    expect(types).toEqual(['OperationRequested', 'OperationCompleted']);
    await api.settle();
    const { operations } = await operator.query(OPERATIONS, { first: 1 });
    const [{ node }] = operations.edges;
    expect(node).toMatchObject({
      ...{ id: eraseUser.commandId, kind: 'ERASE_USER', subject: person.address, status: 'COMPLETED' },
      ...{ requestedBy: operatorWallet.address, reason: 'Asked by letter', failure: null },
      result: [{ name: 'erasedAt', value: eraseUser.erasedAt }],
    });
    const { operation } = await operator.query(
      'query ($id: Uuid!) { operation(id: $id) { id status endedAt } }',
      { id: node.id },
    );
    expect(operation).toEqual({ id: node.id, status: 'COMPLETED', endedAt: node.endedAt });
  });

  it('are of one person a key: another one would be erased and told of nowhere', async () => {
    const [person, other] = [Wallet.createRandom(), Wallet.createRandom()];
    for (const wallet of [person, other]) await signIn(api.client, wallet);
    const input = { idempotencyKey: newKey(), address: person.address, reason: 'Asked by letter' };
    await operator.query(ERASE_USER, { input });
    const again = { input: { ...input, address: other.address } };
    expect((await operator.refusal(ERASE_USER, again)).extensions).toMatchObject({
      ...{ code: 'IDEMPOTENCY_KEY_REUSED', field: 'idempotencyKey' },
    });
    const told = await api.events(userStream(other.address));
    expect(told.map(({ type }) => type)).not.toContain('UserErased');
  });

  it('come in pages, the newest first', async () => {
    const person = Wallet.createRandom();
    await signIn(api.client, person);
    await erase(person.address, 'Asked by telephone');
    await api.settle();
    const { operations } = await operator.query(OPERATIONS, { first: 1 });
    expect(operations.edges[0].node).toMatchObject({ reason: 'Asked by telephone' });
    const after = operations.pageInfo.endCursor;
    const { operations: next } = await operator.query(OPERATIONS, { first: 1, after });
    expect(next.edges[0].node).toMatchObject({ reason: 'Asked by letter' });
  });

  it('are none where what is asked is refused', async () => {
    const before = await api.store.head();
    const { errors } = await erase(Wallet.createRandom().address);
    expect(errors[0]?.extensions).toMatchObject({ code: 'UNKNOWN_USER', field: 'address' });
    // The keys of those who were erased before may be destroyed meanwhile.
    expect((await typesAfter(before)).filter((type) => type !== 'UserKeyDestroyed')).toEqual([]);
  });

  it('are none where a person erases themselves', async () => {
    const person = Wallet.createRandom();
    const client = await signIn(api.client, person);
    const input = { idempotencyKey: newKey(), confirmAddress: person.address };
    const { eraseMyData } = await client.query(ERASE_MY_DATA, { input });
    expect(await api.events(operationStream(eraseMyData.commandId))).toEqual([]);
  });

  it('are for operators alone, and none is begun by anyone else', async () => {
    const person = Wallet.createRandom();
    const client = await signIn(api.client, person);
    const id = '00000000-0000-4000-8000-000000000001';
    for (const document of [OPERATIONS, `{ operation(id: "${id}") { id } }`]) {
      expect((await client.refusal(document)).extensions).toMatchObject({
        code: 'FORBIDDEN',
        details: { reason: 'NOT_AN_OPERATOR' },
      });
      expect((await api.client.refusal(document)).extensions.code).toBe('UNAUTHENTICATED');
    }
    const input = { idempotencyKey: newKey(), address: person.address, reason: 'Not mine to ask' };
    await client.refusal(ERASE_USER, { input });
    const rejected = (await api.events(`user-${person.address.toLowerCase()}`)).at(-1);
    expect(rejected).toMatchObject({
      type: 'CommandRejected',
      data: { code: 'NOT_AN_OPERATOR', chainId: null },
    });
    const { commandId } = rejected?.data as { commandId: string };
    expect(await api.events(operationStream(commandId))).toEqual([]);
  });
});
