import { inspect } from 'node:util';
import { type ChainMessage, chainTopic, startIngester } from '@abland/chain';
import { asPrograms, openEventStore } from '@abland/event-codec';
import { openBareEventStore, openEventIndex } from '@abland/event-store';
import {
  type EventStore,
  type Json,
  type Logger,
  type LogStream,
  type Running,
  silentLogger,
} from '@abland/kernel';
import { openPostgresLogStream } from '@abland/log-stream';
import { openPersonalKeys, PersonalDataCipher, personalDataCodec } from '@abland/personal-data';
import {
  erasureProcess,
  migrateProcesses,
  relayProcess,
  type Sender,
  Senders,
  type RunningProcess,
  settlementProcess,
  startProcess,
} from '@abland/processes';
import { migrateFollowBook, migrateReadAhead } from '@abland/postgres';
import {
  migrateProjections,
  notYetLiveProjections,
  projectionStatus,
  startProjections,
} from '@abland/projections';
import { migrateApi, type RunningApi, startApi } from '@abland/api';
import { withSnapshots } from '@abland/snapshots';
import pg from 'pg';
import { Registry } from 'prom-client';
import type { UpgradeData } from './upgrade-data.js';

/** What is of another version is built anew before. */
const WITHIN_MS = 180_000;
/** Of the indexer that tells of the reorg: none before it published by a higher one. */
const LATER_EPOCH = 1_000_000n;
const FINALITY_DEPTH = 5;
const logger = silentLogger;

/** Errors that a program tells only its log, so that a failing test can tell them. */
function listening(said: string[]): Logger {
  const listener: Logger = {
    ...silentLogger,
    error: (fields, message) => void said.push(`${message}: ${inspect(fields, { depth: 4 })}`),
    child: () => listener,
  };
  return listener;
}

/** What a reorg takes, newest first, and the block that is the newest then. */
export interface LostBlocks {
  readonly hashes: readonly string[];
  readonly ancestor: { readonly number: number; readonly hash: string; readonly time: number };
}

/** The programs of now on a database of then, at the time of then. No chain is there: nothing of it would be asked for. */
export class UpgradedSystem {
  /** Milliseconds since the epoch; moved on by the test. */
  now: number;
  /** What the API told its log of errors. */
  readonly said: string[] = [];
  /** What the relayer's account was asked to do. */
  readonly sent: string[] = [];
  private readonly opened: (() => Promise<unknown>)[] = [];
  processNames: readonly string[] = [];
  private processes: readonly RunningProcess[] = [];
  private apiRunning: RunningApi | null = null;

  private constructor(
    private readonly data: UpgradeData,
    private readonly url: string,
    readonly pool: pg.Pool,
    /** As programs without keys have it. */
    readonly store: EventStore,
    private readonly logStream: LogStream,
  ) {
    this.now = Date.parse(data.recordedAt) + 1;
  }

  /** With all migrations of now. */
  static async open(data: UpgradeData, url: string): Promise<UpgradedSystem> {
    const store = await openEventStore(url, logger);
    const logStream = await openPostgresLogStream({ connectionString: url, logger });
    const pool = new pg.Pool({ connectionString: url, max: 20 });
    pool.on('error', () => undefined); // dropping the database ends idle connections
    await migrateProjections(pool);
    await migrateProcesses(pool);
    await migrateApi(pool);
    await migrateFollowBook(pool);
    await migrateReadAhead(pool);
    const system = new UpgradedSystem(data, url, pool, store, logStream);
    system.opened.push(
      () => pool.end(),
      () => store.close(),
      () => logStream.close(),
    );
    return system;
  }

  get apiUrl(): string {
    return this.apiRunning?.url ?? '';
  }

  /** Projections, processes, ingestion and the API, until each has said that it is where the log ends. */
  async start(relayer: string): Promise<void> {
    const { data, pool, store } = this;
    const { chainId } = data.chain;
    const clock = (): number => this.now;
    const keys = await this.openKeys();
    const shared = { store, pool, logger, clock };
    this.run(startProjections(shared));
    const send = async (): Promise<never> => {
      this.sent.push('send');
      throw new Error('There is no chain');
    };
    const none = {
      hasSigned: async () => false,
      open: async () => undefined,
      rebroadcast: async () => undefined,
    };
    const senderOf = (account: string): Sender =>
      ({ ...none, relayer: account, send, status: () => ({ hindrance: null }) }) as unknown as Sender;
    const senders = new Senders({ ...shared, chainId, senders: [senderOf(relayer)], retired: senderOf });
    const asked = { ...shared, chainId, senders };
    const processes = [
      settlementProcess({ chainId, store, logger }),
      relayProcess(asked),
      erasureProcess({ keys: keys.keys }),
    ];
    this.processNames = processes.map((process) => process.name);
    this.processes = processes.map((process) => this.run(startProcess({ ...shared, process })));
    const contracts = this.contracts();
    this.run(
      startIngester({
        chainId,
        contracts,
        startBlock: 0,
        eventStore: store,
        logStream: this.logStream,
        logger,
      }),
    );
    await this.startApi(keys.cipher);
    await this.follows();
  }

  private contracts() {
    const { governance, ...contracts } = this.data.chain.contracts;
    return { ...contracts, checkpoint: null, governance: { ...governance, clock: 'BLOCKS' as const } };
  }

  private async openKeys() {
    const masterKeys = [Buffer.from(this.data.masterKey, 'base64')];
    const { keys, close } = await openPersonalKeys(this.url, masterKeys, logger);
    this.opened.push(close);
    return { keys, cipher: new PersonalDataCipher(keys) };
  }

  private async startApi(personalData: PersonalDataCipher): Promise<void> {
    const storedLog = await openBareEventStore(this.url, logger);
    this.opened.push(() => storedLog.close());
    const log = asPrograms(storedLog, personalDataCodec(personalData));
    const index = await openEventIndex({ connectionString: this.url, pool: this.pool });
    const store = await withSnapshots(log, { pool: this.pool, logger, sealed: asPrograms(storedLog) });
    this.opened.push(() => store.aggregates.close());
    const { chainId } = this.data.chain;
    this.apiRunning = await startApi({
      config: {
        port: 0,
        host: '127.0.0.1',
        publicUrl: 'http://localhost:4000',
        jwtSecret: 'a-secret-of-the-tests-with-32-characters',
        corsOrigins: [],
        operators: [],
        chains: [{ chainId, finalityDepth: FINALITY_DEPTH, ...this.contracts() }],
      },
      ...{ logger: listening(this.said), store, personalData, pool: this.pool, readPool: this.pool },
      stored: { log: storedLog, index },
      clock: () => this.now,
      metrics: new Registry(),
      publishedHead: async () => null,
    });
    this.run(this.apiRunning);
  }

  private run<Part extends Running>(part: Part): Part {
    part.ended.catch(() => undefined); // it is seen in what it does not do
    this.opened.push(() => part.stop());
    return part;
  }

  /** Until every read model and every process has seen the whole log. @throws with what stands where */
  async follows(): Promise<void> {
    for (const giveUpAt = Date.now() + WITHIN_MS; ;) {
      const standing = await this.standing();
      if (standing.length === 0) return;
      if (Date.now() > giveUpAt) throw new Error(`Not at the end of the log: ${standing.join('; ')}`);
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
  }

  private async standing(): Promise<readonly string[]> {
    const head = await this.store.head();
    const projections = (await projectionStatus(this.pool, head))
      .filter(({ behind, target }) => target === 'live' && behind !== 0n)
      .map(
        ({ name, behind, lastError }) => `projection ${name} ${behind} behind (${lastError ?? 'no error'})`,
      );
    const statuses = await Promise.all(this.processes.map((process) => process.status()));
    const processes = statuses
      .filter(({ leading, live, position }) => !leading || !live || position !== head)
      .map(
        (status) =>
          `process ${JSON.stringify(status, (_, value) => (String(value) === '[object Object]' ? value : `${value}`))}`,
      );
    const notYet = await notYetLiveProjections(this.pool);
    return [...projections, ...notYet.map((name) => `projection ${name} of another version`), ...processes];
  }

  /** What the indexer would say of a reorg. */
  async loseBlocks({ hashes, ancestor }: LostBlocks): Promise<void> {
    const fromNumber = ancestor.number + 1;
    const toNumber = ancestor.number + hashes.length;
    const message: ChainMessage = { kind: 'reverted', fromNumber, toNumber, hashes, ancestor };
    const epoch = LATER_EPOCH;
    await this.logStream.publish(chainTopic(this.data.chain.chainId), [message as unknown as Json], {
      epoch,
    });
  }

  async stop(): Promise<void> {
    for (let last = this.opened.pop(); last !== undefined; last = this.opened.pop()) await last();
  }
}
