import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { openApi, type RunningApi } from '@abland/api';
import { openIndexer } from '@abland/indexer';
import type { Logger, Running } from '@abland/kernel';
import { createLogger, firstEnd, type ProgramConfigs, type SystemConfig } from '@abland/platform';
import { requireSessions } from '@abland/postgres';
import { openProjector } from '@abland/projector';
import { openWorker } from '@abland/worker';
import { openDataFolder } from './data-folder.js';
import { type Parts, startParts } from './embedded-parts.js';
import { masterKeysOf } from './master-key.js';
import { freeLeases } from './free-leases.js';
import { requireFreePort } from './ports.js';
import { programConfigs } from './program-configs.js';
import { announce, withdraw } from './running-file.js';
import type { Terminal } from './terminal.js';

/**
 * Everything from one command: what the environment does not name runs embedded, all programs in this process. Stops in
 * the opposite order of its start.
 */
export async function startSystem(
  config: SystemConfig,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<Running> {
  const undo: (() => Promise<unknown>)[] = [];
  const stop = async (): Promise<void> => {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  };
  try {
    const { ended } = await startInOrder(config, terminal, signal, undo);
    return { name: 'abland', ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startInOrder(
  config: SystemConfig,
  terminal: Terminal,
  signal: AbortSignal,
  undo: (() => Promise<unknown>)[],
): Promise<{ readonly ended: Promise<void> }> {
  const folder = await openDataFolder(config.dataDir, (pid) => terminal.waiting(`process ${pid} to stop`));
  undo.push(() => folder.release());
  await requireFreePort(config.port);
  if (config.chains.length === 0) await requireFreePort(config.embeddedChain.port);
  const logFile = join(config.dataDir, 'abland.log');
  await mkdir(config.dataDir, { recursive: true });
  const logger = createLogger({ level: config.logLevel, name: 'abland', file: logFile });

  const parts = await startParts(config, terminal, logger);
  undo.push(() => parts.stop());
  signal.throwIfAborted();
  await requireConnections(parts.databaseUrl, config.connections, terminal);
  if (config.databaseUrl === null) await freeLeases(parts.databaseUrl, logger);
  const masterKeys = await masterKeysOf(config);
  const programs = await startPrograms(
    programConfigs(config, parts, masterKeys),
    terminal,
    logger,
    signal,
    undo,
  );
  const [apiUrl, rpcUrl] = [programs.api.url, rpcUrlOf(config, parts)];
  await announce(config.dataDir, {
    pid: process.pid,
    apiUrl,
    databaseUrl: parts.databaseUrl,
    chainRpcUrl: rpcUrl,
  });
  undo.push(() => withdraw(config.dataDir));
  await terminal.step('read models', () => untilReady(apiUrl, signal));
  sayWhereEverythingIs(terminal, { apiUrl, rpcUrl, dataDir: config.dataDir, logFile });
  return { ended: firstEnd([parts, ...programs.all]) };
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

async function startPrograms(
  configs: ProgramConfigs,
  terminal: Terminal,
  logger: Logger,
  signal: AbortSignal,
  undo: (() => Promise<unknown>)[],
): Promise<{ api: RunningApi; all: readonly Running[] }> {
  const open = async <Program extends Running>(
    name: string,
    start: (own: Logger) => Promise<Program>,
  ): Promise<Program> => {
    const program = await terminal.step(name, () => start(logger.child({ app: name })));
    undo.push(() => program.stop());
    signal.throwIfAborted();
    return program;
  };
  const projector = await open('projector', (own) => openProjector(configs.projector, own));
  const worker = await open('worker', (own) => openWorker(configs.worker, own));
  const indexer = await open('indexer', (own) => openIndexer(configs.indexer, own));
  const api = await open('api', (own) => openApi(configs.api, own));
  return { api, all: [projector, worker, indexer, api] };
}

function rpcUrlOf(config: SystemConfig, parts: Parts): string {
  return config.chains.length === 0
    ? `http://localhost:${config.embeddedChain.port}`
    : (parts.chains[0]?.rpcUrls[0] ?? '');
}

/** Until the read models have caught up with the chain, answers would be of the past. */
async function untilReady(apiUrl: string, signal: AbortSignal): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    const ready = await fetch(`${apiUrl}/ready`).then(
      (response) => response.ok,
      () => false, // the API's own fault would end it, and us with it
    );
    if (ready) return;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}

function sayWhereEverythingIs(
  terminal: Terminal,
  at: { apiUrl: string; rpcUrl: string; dataDir: string; logFile: string },
): void {
  terminal.line('');
  terminal.line('AB.LAND is up');
  terminal.line(`  API and explorer  ${at.apiUrl}/graphql`);
  terminal.line(`  health            ${at.apiUrl}/ready, ${at.apiUrl}/metrics`);
  terminal.line(`  chain RPC         ${at.rpcUrl} (HTTP and WebSocket)`);
  terminal.line(`  data              ${at.dataDir}, log in ${at.logFile}`);
  terminal.line('');
  terminal.line('In a second terminal: npm run demo. Ctrl-C stops everything.');
}
