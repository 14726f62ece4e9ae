import { join } from 'node:path';
import { openApi, type RunningApi } from '@abland/api';
import { openIndexer } from '@abland/indexer';
import { type Logger, type Running, unlessAborted, withoutSecrets } from '@abland/kernel';
import {
  createLogger,
  firstEnd,
  type ProgramConfigs,
  startWhenPossible,
  type SystemConfig,
  whyStopped,
} from '@abland/platform';
import { inspectDatabase, requireSessions } from '@abland/postgres';
import { openProjector } from '@abland/projector';
import { openWorker } from '@abland/worker';
import { dataElsewhereLines } from './data-elsewhere.js';
import { openDataFolder } from './data-folder.js';
import { type Parts, startParts } from './embedded-parts.js';
import { masterKeysOf } from './master-key.js';
import { freeLeases } from './free-leases.js';
import { requireFreePort } from './require-free-port.js';
import { roomLeft, whyNotStarted } from './room-left.js';
import { programConfigs } from './program-configs.js';
import { announce, withdraw } from './running-file.js';
import type { Terminal } from '../terminal/terminal.js';
import { type Missing, untilReady } from './until-ready.js';

/** What is not ready by then is told as it is: it may be ready later. */
const READY_WITHIN_MS = 60_000;

/**
 * Everything from one command: what the environment does not name runs embedded, all programs in this process. Stops in
 * the opposite order of its start, and says at the terminal why, and once it has.
 */
export async function startSystem(
  config: SystemConfig,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Running> {
  const undo: (() => Promise<unknown>)[] = [];
  const sayWhy = (): void => terminal.line(`Stopping: ${whyStopped(signal)}`);
  const sayStopped = (): void => terminal.line('AB.LAND has stopped');
  signal.addEventListener('abort', sayWhy, { once: true });
  const stop = async (): Promise<void> => {
    // One that does not stop in order keeps no other from it.
    let failure: unknown = null;
    for (let last = undo.pop(); last !== undefined; last = undo.pop())
      await last().catch((error: unknown) => (failure ??= error));
    if (failure !== null) throw failure;
  };
  try {
    const { ended } = await startInOrder(config, terminal, signal, undo);
    return { name: 'abland', ended, stop: () => stop().then(sayStopped) };
  } catch (error) {
    const why = signal.aborted ? error : await whyNotStarted(error, config.dataDir);
    await stop().catch(() => undefined); // what it failed of first is told
    signal.removeEventListener('abort', sayWhy);
    if (signal.aborted) sayStopped();
    throw why;
  }
}

async function startInOrder(
  config: SystemConfig,
  terminal: Terminal,
  signal: AbortSignal,
  undo: (() => Promise<unknown>)[],
): Promise<{ readonly ended: Promise<void> }> {
  const onWait = (holder: string): void => terminal.waiting(`${holder} to stop`);
  const folder = await openDataFolder(config.dataDir, { onWait, signal });
  undo.push(() => folder.release());
  await requireFreePort(config.port, 'PORT');
  if (config.chains.length === 0) await requireFreePort(config.embeddedChain.port, 'CHAIN_PORT');
  const logFile = join(config.dataDir, 'abland.log');
  const logger = createLogger({ level: config.logLevel, name: 'abland', file: logFile });

  undo.push(() => Promise.resolve(logger.info({}, 'the system has stopped')));
  const whenPossible = waiting(config.port, terminal, signal);
  const checkDatabase = (url: string): Promise<void> =>
    whenPossible(() => requireConnections(url, config.connections, terminal));
  // Before an embedded chain is made beside it: a database that does not let us in ends the start.
  if (config.databaseUrl !== null) await checkDatabase(config.databaseUrl);
  for (const [variable, url] of [
    ['DATABASE_READ_URL', config.databaseReadUrl],
    ['PERSONAL_KEYS_URL', config.personalKeysUrl],
  ] as const)
    if (url !== null) await whenPossible(() => inspectDatabase(url, variable));
  const parts = await startParts(config, terminal, { logger, signal });
  undo.push(() => parts.stop());
  signal.throwIfAborted();
  if (config.databaseUrl === null) await checkDatabase(parts.databaseUrl);
  if (config.databaseUrl === null) await whenPossible(() => freeLeases(parts.databaseUrl, logger));
  for (const sentence of config.unheeded) terminal.line(`  ! ${sentence}`);
  const masterKeys = await masterKeysOf(config);
  const programs = await startPrograms(programConfigs(config, parts, masterKeys), config.dataDir, {
    terminal,
    logger,
    signal,
    undo,
    whenPossible,
  });
  const [apiUrl, rpcUrl] = [programs.api.url, rpcUrlOf(config, parts)];
  await announce(config.dataDir, {
    pid: process.pid,
    apiUrl,
    databaseUrl: parts.databaseUrl,
    chainRpcUrl: rpcUrl,
    approvals: config.approvals,
  });
  undo.push(() => withdraw(config.dataDir));
  undo.push(() => Promise.resolve(parts.goOn()));
  const ended = firstEnd(programs.all);
  const missing = await terminal.step('read models', () =>
    untilReady(apiUrl, ended, signal, READY_WITHIN_MS),
  );
  const { dataElsewhere } = parts;
  const at = { apiUrl, rpcUrl: withoutSecrets(rpcUrl), dataDir: config.dataDir, logFile, dataElsewhere };
  sayWhereEverythingIs(terminal, at, missing);
  if (missing.length === 0) logger.info({}, 'the system runs');
  else logger.warn({ missing }, 'the system runs, and is not ready yet');
  undo.push(() => Promise.resolve(logger.info({ why: whyStopped(signal) }, 'the system stops')));
  return { ended };
}

/** @throws DatabaseUnfitError */
async function requireConnections(
  databaseUrl: string,
  { all }: SystemConfig['connections'],
  terminal: Terminal,
): Promise<void> {
  const { connectionsMax } = await requireSessions(databaseUrl, { variable: 'DATABASE_URL', needed: all });
  terminal.line(
    `  database connections: ${all} at most (DATABASE_POOL_MAX), of ${connectionsMax} that it offers`,
  );
}

/** Does what needs the database and the others as soon as they are there, and says what is waited for. */
type WhenPossible = <Result>(work: () => Promise<Result>) => Promise<Result>;

const waiting =
  (port: number, terminal: Terminal, signal: AbortSignal): WhenPossible =>
  (work) => {
    const onWait = (why: string): void => terminal.waiting(`what it needs: ${why}`);
    // A start in hand may take long, and what it works on is stopped next.
    return unlessAborted(startWhenPossible(work, { signal, port, onWait }), signal);
  };

interface Start {
  readonly terminal: Terminal;
  readonly logger: Logger;
  readonly signal: AbortSignal;
  readonly undo: (() => Promise<unknown>)[];
  readonly whenPossible: WhenPossible;
}

async function startPrograms(
  configs: ProgramConfigs,
  dataDir: string,
  { logger, signal, terminal, undo, whenPossible }: Start,
): Promise<{ api: RunningApi; all: readonly Running[] }> {
  const open = async <Program extends Running>(
    name: string,
    start: (own: Logger) => Promise<Program>,
  ): Promise<Program> => {
    const program = await terminal.step(name, () =>
      whenPossible(async () => {
        const started = await start(logger.child({ app: name }));
        if (signal.aborted) await started.stop(); // nobody waited for it
        return started;
      }),
    );
    undo.push(() => program.stop());
    signal.throwIfAborted();
    return program;
  };
  const projector = await open('projector', (own) => openProjector(configs.projector, own));
  const worker = await open('worker', (own) => openWorker(configs.worker, own));
  const indexer = await open('indexer', (own) => openIndexer(configs.indexer, own));
  const api = await open('api', (own) => openApi(configs.api, own, { disk: () => roomLeft(dataDir) }));
  return { api, all: [projector, worker, indexer, api] };
}

function rpcUrlOf(config: SystemConfig, parts: Parts): string {
  return config.chains.length === 0
    ? `http://localhost:${config.embeddedChain.port}`
    : (parts.chains[0]?.rpcUrls[0] ?? '');
}

function sayWhereEverythingIs(
  terminal: Terminal,
  at: {
    apiUrl: string;
    rpcUrl: string;
    dataDir: string;
    logFile: string;
    dataElsewhere: string | null;
  },
  missing: Missing,
): void {
  terminal.line('');
  const notReady = `AB.LAND runs, and is not ready yet: ${missing.join(', ')}; ${at.apiUrl}/ready says more`;
  terminal.line(missing.length === 0 ? 'AB.LAND is up' : notReady);
  terminal.line(`  web app           ${at.apiUrl}`);
  terminal.line(`  API and explorer  ${at.apiUrl}/graphql`);
  terminal.line(`  dashboard         ${at.apiUrl}/ops`);
  terminal.line(`  health            ${at.apiUrl}/ready, ${at.apiUrl}/metrics`);
  terminal.line(`  chain RPC         ${at.rpcUrl} (HTTP and WebSocket)`);
  terminal.line(`  data              ${at.dataDir}, log in ${at.logFile}`);
  for (const line of dataElsewhereLines(at.dataElsewhere, at.dataDir)) terminal.line(line);
  terminal.line('');
  terminal.line('In a second terminal: npm run demo. Ctrl-C stops everything.');
}
