import { ConfigError } from './config-error.js';
import { type Environment, read } from './variables.js';

type Background = 'indexer' | 'projector' | 'worker';

/** One listens to notifications for a whole process. */
export const LISTENING_CONNECTIONS = 1;

/** Of a projector, besides those of its batches: for leases and promotions, reading the log and its status. */
export const PROJECTOR_POOL = 2;

/** Of the batches of what is live, which is at one place but for a while after a start. */
export const LIVE_CONNECTIONS = 1;

/** Of the batches of what waits for its promotion. */
const READY_CONNECTIONS = 1;

/** The others that a program has at most, by how many chains it serves. */
const NEEDED: Readonly<Record<Background, (chains: number, env: Environment) => number>> = {
  // One for each chain's blocks; one for the leases and for comparing, which gives it back before it appends what differs.
  indexer: (chains) => chains + 1,
  // For the batches of what is live, of what waits for its promotion and of what is built.
  projector: (_chains, env) =>
    PROJECTOR_POOL + LIVE_CONNECTIONS + READY_CONNECTIONS + read(env, 'BUILD_CONNECTIONS'),
  // Two for appends; of its pool a chain's settlement and relaying, the erasure and the tree of the log each hold one for a turn.
  worker: (chains) => 2 * chains + 6,
};
/** One for appends, and some to answer from. */
const API_MIN = 4;

/** Of one of the programs in the background, besides the one that listens. @throws ConfigError where DATABASE_POOL_MAX is less */
export function connectionsOf(env: Environment, program: Background, chains: number): number {
  const needed = NEEDED[program](chains, env);
  requireAtLeast(env, needed + LISTENING_CONNECTIONS);
  return needed;
}

/** Of the API alone, which takes what it may, besides the one that listens. @throws ConfigError */
export function apiConnections(env: Environment): number {
  requireAtLeast(env, API_MIN + LISTENING_CONNECTIONS);
  return read(env, 'DATABASE_POOL_MAX') - LISTENING_CONNECTIONS;
}

/** What DATABASE_POOL_MAX comes to for each program where one command starts all of them. */
export interface ConnectionShares extends Readonly<Record<Background | 'api', number>> {
  readonly all: number;
}

/** @throws ConfigError where it is not enough for all of them */
export function connectionShares(env: Environment, chains: number): ConnectionShares {
  const indexer = NEEDED.indexer(chains, env);
  const projector = NEEDED.projector(chains, env);
  const worker = NEEDED.worker(chains, env);
  const background = indexer + projector + worker + LISTENING_CONNECTIONS;
  requireAtLeast(env, background + API_MIN);
  const all = read(env, 'DATABASE_POOL_MAX');
  return { indexer, projector, worker, api: all - background, all };
}

function requireAtLeast(env: Environment, needed: number): void {
  if (read(env, 'DATABASE_POOL_MAX') >= needed) return;
  throw new ConfigError('DATABASE_POOL_MAX', `must be ${needed} or more for what is started`);
}
