import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, rmSync } from 'node:fs';
import { cp, mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { SIMULATED_CONTRACTS } from '@abland/testing/simulated-chain';
import { ask, type Contender } from './contender.js';
import { CHAIN_ID, type ServedChain } from './served-chain.js';

export const PONDER_VERSIONS = ['1.0.0', '0.16.10'] as const;
export type PonderVersion = (typeof PONDER_VERSIONS)[number];

const FOLDER = fileURLToPath(new URL('../../ponder', import.meta.url));
const PORT = 4_840;
const NEWEST =
  '{ swaps(limit: 1, orderBy: "blockNumber", orderDirection: "desc") { items { blockNumber } } }';

interface Newest {
  readonly swaps: { readonly items: readonly { readonly blockNumber: string }[] };
}

/** Installs a version by its lock file, where it is not yet. */
export async function installPonder(version: PonderVersion): Promise<void> {
  const cwd = join(FOLDER, version);
  if (existsSync(join(cwd, 'node_modules', '.package-lock.json'))) return;
  await promisify(execFile)('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd });
}

/** An application for Ponder as it is run in production, on packages that are installed. */
export function ponderApp(version: PonderVersion, databaseUrl: string, chain: ServedChain): Contender {
  const url = `http://127.0.0.1:${PORT}`;
  let folder: string | null = null;
  let child: ChildProcess | null = null;
  const env = {
    PATH: process.env['PATH'],
    DATABASE_URL: databaseUrl,
    BENCH_CHAIN_ID: String(CHAIN_ID),
    BENCH_RPC_URL: chain.url,
    BENCH_FACTORY: SIMULATED_CONTRACTS.tokenFactory,
    BENCH_MANAGER: SIMULATED_CONTRACTS.liquidityManager,
    PONDER_TELEMETRY_DISABLED: 'true',
  };
  return {
    name: `Ponder ${version}`,
    async start() {
      folder ??= await layOut(version);
      const ponder = join(folder, 'node_modules/ponder/dist/esm/bin/ponder.js');
      const args = [
        'start',
        '--root',
        folder,
        '--schema',
        'bench',
        '--port',
        String(PORT),
        '--log-level',
        'warn',
      ];
      child = spawn(process.execPath, [ponder, ...args], { cwd: folder, env, stdio: 'ignore' });
    },
    async stop() {
      if (child !== null && child.exitCode === null && child.signalCode === null) {
        const exited = once(child, 'exit');
        child.kill('SIGTERM');
        await exited;
      }
      child = null;
    },
    programs: () => (child?.pid === undefined ? [] : [{ name: 'ponder', pid: child.pid }]),
    async newestBlock() {
      if (child?.exitCode !== null) throw new Error(`Ponder ${version} ended`);
      return Number((await ask<Newest>(`${url}/graphql`, NEWEST))?.swaps.items[0]?.blockNumber ?? -1);
    },
    isComplete: () =>
      fetch(`${url}/ready`).then(
        (response) => response.ok,
        () => false, // it does not listen yet
      ),
  };
}

async function layOut(version: PonderVersion): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'abland-bench-ponder-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  await cp(join(FOLDER, 'app'), folder, { recursive: true });
  for (const name of ['package.json', 'ponder.config.ts'])
    await cp(join(FOLDER, version, name), join(folder, name));
  await symlink(join(FOLDER, version, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}
