import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ATTEMPT_PAUSE_MS_MAX,
  type AuthorizedRelay,
  type SenderStatus,
  type SendOutcome,
} from '@abland/chain';
import { MemoryEventStore } from '@abland/event-store';
import { silentLogger } from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import pg from 'pg';
import { type RunningProcess, startProcess } from '../engine/start-process.js';
import { migrateProcesses } from '../migrations/migrate.js';
import {
  ALICE,
  CHAIN_ID,
  forwardExecuted,
  id,
  OTHER_CHAIN_ID,
  RELAYER,
  said,
  signedByRelayer,
  START,
  swapRequested,
  tell,
  type Told,
} from '../settlement/story.fixture.js';
import { relayProcess } from './relay-process.js';
import type { Sender } from './sender-part.js';
import { Senders } from './senders.js';

/** As late as an attempt is ever repeated. */
const FAR = START + ATTEMPT_PAUSE_MS_MAX;

/** A sender that is asked and never gets on. */
class Waiting implements Sender {
  readonly relayer = RELAYER;
  readonly asked: AuthorizedRelay[] = [];
  status = (): SenderStatus => ({
    ...{ relayer: RELAYER, balanceWei: null, waiting: 0, oldestWaitingMs: null, hindrance: null },
  });
  hasSigned = (): Promise<boolean> => Promise.resolve(false);
  open = (): Promise<void> => Promise.resolve();
  rebroadcast = (): Promise<void> => Promise.resolve();
  send = (relay: AuthorizedRelay): Promise<SendOutcome> => {
    this.asked.push(relay);
    return Promise.resolve({ outcome: 'LATER', notBefore: FAR });
  };
}

const asked = (name: string, chainId = CHAIN_ID): readonly Told[] => [
  swapRequested(name, { chainId, execution: 'RELAYED' }),
  said(name, 'RelayRequested', { forward: { from: ALICE } }, chainId),
];
const authorized = (name: string, chainId = CHAIN_ID): readonly Told[] => [
  ...asked(name, chainId),
  said(name, 'RelayAuthorized', { signature: '0x00' }, chainId),
];

describe('the relays of a chain', () => {
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: MemoryEventStore;
  let now: number;
  let here: Waiting;
  let there: Waiting;
  const running: RunningProcess[] = [];

  beforeEach(async () => {
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined);
    await migrateProcesses(pool);
    store = new MemoryEventStore();
    now = START;
    here = start(CHAIN_ID);
    there = start(OTHER_CHAIN_ID);
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
    await store.close();
    await pool.end();
    await database.drop();
  });

  /** The same account sends on both chains. */
  function start(chainId: number): Waiting {
    const sender = new Waiting();
    const common = { store, pool, clock: () => now, logger: silentLogger };
    const senders = new Senders({ ...common, chainId, senders: [sender], retired: () => new Waiting() });
    const process = relayProcess({ ...common, chainId, senders, pollIntervalMs: 20 });
    running.push(startProcess({ ...common, process, standbyIntervalMs: 20 }));
    return sender;
  }
  const settled = (): Promise<void> =>
    eventually(async () => {
      for (const process of running) {
        expect(await process.status()).toMatchObject({ live: true, position: await store.head() });
      }
    });
  const rows = async (): Promise<unknown[]> =>
    (await pool.query('SELECT chain_id::int, command_id, status FROM processes.relays ORDER BY 1, 2')).rows;

  it('go to the sender of that chain', async () => {
    await tell(store, [...authorized('here'), ...authorized('there', OTHER_CHAIN_ID)]);
    const idsOf = ({ asked: relays }: Waiting): Set<string> =>
      new Set(relays.map(({ commandId }) => commandId));
    await eventually(() => expect([here.asked.length, there.asked.length]).toEqual([1, 1]));
    now = FAR; // all are due at once, again and again
    await eventually(() => expect(Math.min(here.asked.length, there.asked.length)).toBeGreaterThan(10));
    expect(idsOf(here)).toEqual(new Set([id('here')]));
    expect(idsOf(there)).toEqual(new Set([id('there')]));
  });

  it('are sent though the clock was set back by an hour since they were put off', async () => {
    await tell(store, authorized('here'));
    await eventually(() => expect(here.asked).toHaveLength(1));
    now = START - 3_600_000;
    await eventually(() => expect(here.asked.length).toBeGreaterThan(1));
  });

  it('are hurried by what their signer did on that chain alone', async () => {
    await tell(store, [...authorized('here'), ...authorized('there', OTHER_CHAIN_ID)]);
    await eventually(() => expect([here.asked.length, there.asked.length]).toEqual([1, 1]));
    await tell(store, [forwardExecuted({ chainId: OTHER_CHAIN_ID, block: 'b', tx: 't' })]);
    await eventually(() => expect(there.asked.at(-1)).toMatchObject({ ignorePause: true }));
    await settled();
    expect(here.asked).toHaveLength(1);
  });

  it('are signed on that chain alone', async () => {
    await tell(store, [...authorized('here'), signedByRelayer('here', 't', OTHER_CHAIN_ID)]);
    await settled();
    expect(await rows()).toEqual([{ chain_id: CHAIN_ID, command_id: id('here'), status: 'AUTHORIZED' }]);
    await tell(store, [signedByRelayer('here', 't')]);
    await settled();
    expect(await rows()).toMatchObject([{ status: 'SIGNED' }]);
  });

  it.each(['RequestFailed', 'RequestExpired'] as const)('are closed by %s on that chain', async (type) => {
    await tell(store, [
      ...asked('never signed'),
      ...authorized('here'),
      said('here', type, {}, OTHER_CHAIN_ID),
    ]);
    await settled();
    expect(await rows()).toHaveLength(2);
    await tell(store, [said('never signed', type), said('here', type)]);
    await settled();
    expect(await rows()).toEqual([]);
  });

  it('are looked at again when one of their signer ended without being sent', async () => {
    await tell(store, [...authorized('first'), ...authorized('behind')]);
    await eventually(() => expect(here.asked).toHaveLength(2));
    await tell(store, [said('first', 'RequestFailed')]);
    await eventually(() =>
      expect(here.asked.at(-1)).toMatchObject({ commandId: id('behind'), ignorePause: true }),
    );
  });

  it('are written by none that does not lead any more', async () => {
    let open = (): void => undefined;
    const opened = new Promise<void>((resolve) => (open = resolve));
    here.send = async (relay) => {
      here.asked.push(relay);
      await opened;
      return { outcome: 'LATER', notBefore: FAR };
    };
    await tell(store, authorized('here'));
    await eventually(() => expect(here.asked).toHaveLength(1));
    await pool.query(
      `UPDATE leases.leases SET epoch = epoch + 1, holder = gen_random_uuid(), expires_at = now() + interval '1 hour', ttl_ms = NULL
       WHERE name = $1`,
      [`relay-${CHAIN_ID}`],
    );
    open();
    await eventually(async () => expect(await running[0]?.status()).toMatchObject({ leading: false }));
    const { rows: left } = await pool.query<{ due_at: Date }>('SELECT due_at FROM processes.relays');
    expect(left.map(({ due_at }) => due_at.getTime())).toEqual([START]);
  });

  it('wait until their user has signed', async () => {
    await tell(store, asked('here'));
    await settled();
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(here.asked).toEqual([]);
  });
});
