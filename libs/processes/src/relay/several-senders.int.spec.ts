import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type AuthorizedRelay,
  byPreference,
  RelaySender,
  RetiredSender,
  type SendingProvider,
} from '@abland/chain';
import { relayerStream, requestStream, type Uuid } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import { type Logger, silentLogger } from '@abland/kernel';
import { createTestDatabase, eventually, type TestDatabase } from '@abland/testing';
import { type HDNodeWallet, Wallet } from 'ethers';
import pg from 'pg';
import { type RunningProcess, startProcess } from '../engine/start-process.js';
import { migrateProcesses } from '../migrations/migrate.js';
import { CongestedProvider } from './congested-provider.fixture.js';
import { relayProcess } from './relay-process.js';
import { RelayingChain, requestRelayedToken, typesOf } from './relaying.fixture.js';
import { Senders } from './senders.js';

const maxFeePerGas = CongestedProvider.cap;

describe('several senders of one chain', () => {
  let relaying: RelayingChain;
  let database: TestDatabase;
  let pool: pg.Pool;
  let store: MemoryEventStore;
  let offset: number;
  let errors: object[];
  const running: RunningProcess[] = [];

  beforeAll(async () => {
    relaying = await RelayingChain.start();
    database = await createTestDatabase();
    pool = new pg.Pool({ connectionString: database.url });
    pool.on('error', () => undefined);
    await migrateProcesses(pool);
  });
  afterAll(async () => {
    await pool.end();
    await database.drop();
    await relaying.stop();
  });
  beforeEach(async () => {
    await pool.query('TRUNCATE processes.relays, processes.relayers, processes.checkpoints');
    store = new MemoryEventStore();
    offset = 0;
    errors = [];
  });
  afterEach(async () => {
    await Promise.all(running.splice(0).map((process) => process.stop()));
  });

  interface Account {
    readonly wallet: Wallet;
    readonly provider?: SendingProvider;
  }

  /** @param ofRetired whom those without a key ask */
  function open(accounts: readonly Account[], ofRetired: SendingProvider = relaying.provider): Senders {
    const { common, forwarder } = shared();
    return new Senders({
      ...{ ...common, rebroadcastIntervalMs: 50 },
      senders: accounts.map(
        ({ provider = relaying.provider, wallet }) =>
          new RelaySender({ ...common, provider, wallet, forwarder, maxFeePerGas, gasMax: 6_000_000n }),
      ),
      retired: (relayer) => new RetiredSender({ ...common, provider: ofRetired, relayer }),
    });
  }

  function shared() {
    const logger: Logger = { ...silentLogger, error: (fields: object) => void errors.push(fields) };
    const clock = (): number => Date.now() + offset;
    const { chainId } = relaying.chain;
    const forwarder = relaying.contract('forwarder');
    return { common: { store, pool, clock, logger, chainId }, forwarder };
  }

  function start(accounts: readonly Account[]): Senders {
    const { common } = shared();
    const senders = open(accounts);
    const process = relayProcess({ ...common, senders, pollIntervalMs: 20 });
    running.push(startProcess({ ...common, process, standbyIntervalMs: 20 }));
    return senders;
  }

  const stop = (): Promise<void[]> => Promise.all(running.splice(0).map((process) => process.stop()));
  const untilAllSend = (senders: Senders): Promise<void> =>
    eventually(() =>
      expect(senders.status().map(({ part }) => part.state)).toEqual(senders.relayers.map(() => 'RUNNING')),
    );
  const request = (user: HDNodeWallet, nonce = 0): Promise<{ readonly commandId: Uuid }> =>
    requestRelayedToken(store, relaying, { user, nonce });
  const untilSent = (commandId: Uuid): Promise<void> =>
    eventually(async () =>
      expect(await typesOf(store, requestStream(commandId))).toContain('RequestSubmitted'),
    );
  const signedBy = async ({ address }: Wallet): Promise<readonly string[]> => {
    const commands: string[] = [];
    for await (const page of store.readStream(relayerStream(relaying.chain.chainId, address)))
      commands.push(...page.map(({ data }) => String(data['commandId'])));
    return commands;
  };

  /** Somebody whose requests the first of some accounts gets. */
  function signerOf(wallet: Wallet, ...others: readonly Wallet[]): HDNodeWallet {
    const senders = [wallet, ...others].map(({ address: relayer }) => ({ relayer }));
    for (;;) {
      const user = Wallet.createRandom();
      if (byPreference(user.address, senders)[0]?.relayer === wallet.address) return user;
    }
  }
  const accounts = async (count: number): Promise<readonly Wallet[]> => {
    const made: Wallet[] = [];
    while (made.length < count) made.push(await relaying.relayer());
    return made;
  };

  it('carry out what many signers ask for, each request once, each signer’s in order, in whatever order their keys are given', async () => {
    const wallets = await accounts(3);
    const [a, b, c] = wallets as [Wallet, Wallet, Wallet];
    const firsts = [a, b, c, a, b, c];
    const users = firsts.map((first) => signerOf(first, ...wallets.filter((one) => one !== first)));
    await untilAllSend(start(wallets.map((wallet) => ({ wallet }))));
    const ask = async (nonces: readonly number[]): Promise<void> => {
      const asked = await Promise.all(
        users.flatMap((user) =>
          nonces.map((nonce) => request(user, nonce).then(({ commandId }) => commandId)),
        ),
      );
      for (const commandId of asked) await untilSent(commandId);
    };
    await ask([0, 1, 2]);
    await stop();
    await untilAllSend(start(wallets.toReversed().map((wallet) => ({ wallet }))));
    await ask([3, 4]);
    const signed = await Promise.all(wallets.map(signedBy));
    expect(signed.flat()).toHaveLength(30);
    expect(new Set(signed.flat()).size).toBe(30);
    for (const [index, wallet] of wallets.entries()) {
      expect(signed[index]).toHaveLength(10);
      expect(await relaying.minedBy(wallet.address)).toBe(10);
    }
    for (const { address } of users) expect(await relaying.tokensOf(address)).toBe(5);
    expect(errors).toEqual([]);
  });

  it('go on where a transaction of one is stuck at the highest fee that it may offer', async () => {
    const [stuck, other] = (await accounts(2)) as [Wallet, Wallet];
    const congested = new CongestedProvider(relaying.provider);
    const senders = start([{ wallet: stuck, provider: congested.provider() }, { wallet: other }]);
    await untilAllSend(senders);
    const first = await request(signerOf(stuck, other));
    await untilSent(first.commandId);
    offset = 15_000;
    const statusOf = ({ address }: Wallet) => senders.status().find(({ relayer }) => relayer === address);
    await eventually(() => expect(statusOf(stuck)?.failure).toBe('RELAYER_STUCK'));
    expect(statusOf(other)?.failure).toBeNull();
    for (let count = 1; count <= 3; count += 1) {
      await untilSent((await request(signerOf(stuck, other))).commandId);
      expect(await relaying.minedBy(other.address)).toBe(count);
    }
    expect(await signedBy(stuck)).toEqual([first.commandId]);
    expect(await relaying.minedBy(stuck.address)).toBe(0);
    congested.isCongested = false;
    await stop();
    start([{ wallet: stuck, provider: congested.provider() }, { wallet: other }]);
    await eventually(async () => expect(await relaying.minedBy(stuck.address)).toBe(1));
  });

  it('leave the work of one that cannot pay to one that can, and say which', async () => {
    const [other] = (await accounts(1)) as [Wallet];
    const poor = new Wallet(Wallet.createRandom().privateKey);
    const senders = start([{ wallet: poor }, { wallet: other }]);
    await untilSent((await request(signerOf(poor, other))).commandId);
    expect(await signedBy(poor)).toEqual([]);
    await eventually(() =>
      expect(senders.status()).toMatchObject([
        { relayer: poor.address, balanceWei: '0', failure: 'RELAYER_CANNOT_PAY' },
        { relayer: other.address, failure: null },
      ]),
    );
  });

  it('are told which account has no key any more while something of it waits, and that is sent to its end', async () => {
    const [gone, other] = (await accounts(2)) as [Wallet, Wallet];
    const congested = new CongestedProvider(relaying.provider);
    start([{ wallet: gone, provider: congested.provider() }]);
    const user = Wallet.createRandom();
    const { commandId } = await request(user);
    await untilSent(commandId);
    await stop();
    // As an earlier version left it, which kept no list of who signs.
    await pool.query('DELETE FROM processes.relayers');
    start([{ wallet: other }]);
    await eventually(async () => expect(await relaying.minedBy(gone.address)).toBe(1));
    expect(errors).toContainEqual({ code: 'RELAYER_KEY_MISSING', relayer: gone.address, waiting: 1 });
    await untilSent((await request(user, 1)).commandId);
    expect(await signedBy(gone)).toEqual([commandId]);
    expect(await signedBy(other)).toHaveLength(1);
    expect(await relaying.tokensOf(user.address)).toBe(2);
  });

  describe('once one of them has signed for a request that nobody has sent yet', () => {
    let [signer, other]: Wallet[] = [];
    let relay: AuthorizedRelay;
    let isAway: boolean;
    let provider: SendingProvider;
    beforeEach(async () => {
      [signer, other] = await accounts(2);
      isAway = true;
      provider = new Proxy<SendingProvider>(relaying.provider, {
        get: (real, name) => {
          if (name === 'broadcastTransaction' && isAway) return () => Promise.reject(new Error('away'));
          const own: unknown = Reflect.get(real, name, real);
          return typeof own === 'function' ? own.bind(real) : own;
        },
      });
      const user = signerOf(signer as Wallet, other as Wallet);
      const { commandId } = await request(user);
      const authorizedAt = (await store.head()) ?? 0n;
      relay = { commandId, signer: user.address, correlationId: commandId, authorizedAt };
      await withSenders(open([{ wallet: signer as Wallet, provider }]), [], async (senders) => {
        await senders.send(relay).catch(() => undefined);
      });
      expect(await signedBy(signer as Wallet)).toEqual([commandId]);
    });

    async function withSenders(
      senders: Senders,
      known: readonly string[],
      work: (senders: Senders) => Promise<void>,
    ): Promise<void> {
      senders.start(known);
      await senders.opened(new AbortController().signal);
      await work(senders).finally(() => senders.stop());
    }
    const outcomeOf = (senders: Senders): Promise<string> =>
      senders.send(relay).then(
        ({ outcome }) => outcome,
        () => 'FAILED',
      );

    it('no other signs for it, though the key of the first is gone and nobody is reached', async () => {
      const senders = open([{ wallet: other as Wallet }], provider);
      await withSenders(senders, [(signer as Wallet).address], async () => {
        await eventually(async () => expect(await outcomeOf(senders)).toBe('FAILED'));
        expect(await signedBy(other as Wallet)).toEqual([]);
        isAway = false;
        await eventually(async () => expect(await outcomeOf(senders)).toBe('SENT'));
      });
      expect([await signedBy(other as Wallet), await relaying.minedBy((signer as Wallet).address)]).toEqual([
        [],
        1,
      ]);
    });

    it('no other signs for it while the first is another program’s', async () => {
      await hold(signer as Wallet);
      const senders = open([{ wallet: signer as Wallet, provider }, { wallet: other as Wallet }]);
      await withSenders(senders, [], async () => {
        for (let time = 0; time < 3; time += 1) expect(await outcomeOf(senders)).toBe('LATER');
      });
      expect(await signedBy(other as Wallet)).toEqual([]);
    });
  });

  /** Its lease is another's for an hour, whatever time to live it was taken with. */
  const hold = (wallet: Wallet): Promise<unknown> =>
    pool.query(
      `INSERT INTO leases.leases (name, epoch, holder, taken_at, expires_at)
       VALUES ($1, 1, gen_random_uuid(), now(), now() + interval '1 hour')
       ON CONFLICT (name) DO UPDATE SET epoch = leases.epoch + 1, holder = EXCLUDED.holder, expires_at = EXCLUDED.expires_at, ttl_ms = NULL`,
      [relayerStream(relaying.chain.chainId, wallet.address)],
    );

  it('hold each its account alone, by a lease of its own: another’s is left to it', async () => {
    const [held, other] = (await accounts(2)) as [Wallet, Wallet];
    await hold(held);
    start([{ wallet: held }, { wallet: other }]);
    const { commandId } = await request(signerOf(held, other));
    await untilSent(commandId);
    expect(await signedBy(held)).toEqual([]);
    expect(await signedBy(other)).toEqual([commandId]);
  });
});
