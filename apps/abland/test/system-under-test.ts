import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { childrenOf, removePostgresData } from '@abland/embedded/postgres';
import { freePort } from '@abland/testing';

/**
 * The tables with their checksums, as the operator's commands print them: without that of operations, for a rebuild is one.
 */
export const checksumsOf = (output: string): string =>
  output
    .split('\n')
    .filter((line) => /^[0-9a-f]{64} {2}(?!operations |all$)/.test(line))
    .join('\n');

export const MAIN = fileURLToPath(new URL('../../../dist/abland.js', import.meta.url));
const READY_WITHIN_MS = 120_000;

/** Wanted where a part lies elsewhere; the account is one that the embedded chain funds. */
export const SECRETS = {
  JWT_SECRET: 'a secret of more than thirty-two characters',
  RELAYER_PRIVATE_KEY: '0x5de4111afa1a4b94908f83103eb1f1706367c2e68ca870fc3fb9a804cdab365a',
  LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
};

/** Which processes a kill takes: the one command, it and all that it started, or one of its parts. */
export type KillTarget = 'main' | 'everything' | 'chain' | 'database';

/** The whole system as `npm start` runs it, on ports and a data folder of its own. */
export class SystemUnderTest {
  private child: ChildProcess | null = null;
  /** Resolves once it has ended and all that it said was read: of one that has merely exited, something may still be in the pipe. */
  private closed: Promise<unknown> = Promise.resolve();
  output = '';

  private constructor(
    readonly dataDir: string,
    readonly apiPort: number,
    readonly chainPort: number,
    private env: Readonly<Record<string, string>>,
    private readonly cwd: string,
  ) {}

  /**
   * @param folder of its data; default: a new one
   * @param cwd where it is started, with a relative path to its data; default: here, with a whole one
   */
  static async create(
    env: Readonly<Record<string, string>> = {},
    folder?: string,
    cwd?: string,
  ): Promise<SystemUnderTest> {
    const dataDir = folder ?? (await mkdtemp(join(tmpdir(), 'abland-system-')));
    const where = cwd === undefined ? {} : { ABLAND_DATA_DIR: relative(cwd, dataDir) };
    const [apiPort, chainPort] = [await freePort(), await freePort()];
    return new SystemUnderTest(dataDir, apiPort, chainPort, { ...env, ...where }, cwd ?? process.cwd());
  }

  /** From the next start on. */
  set(env: Readonly<Record<string, string>>): void {
    this.env = { ...this.env, ...env };
  }

  get apiUrl(): string {
    return `http://localhost:${this.apiPort}`;
  }

  get rpcUrl(): string {
    return `http://127.0.0.1:${this.chainPort}`;
  }

  /** Everything that a command of this system's data folder needs. */
  get environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      NODE_OPTIONS: '',
      PORT: String(this.apiPort),
      CHAIN_PORT: String(this.chainPort),
      ABLAND_DATA_DIR: this.dataDir,
      ...this.env,
    };
  }

  /** Starts it and waits until it says that it is ready, or answers at all. */
  async start(until: 'READY' | 'SERVING' = 'READY'): Promise<void> {
    const child = spawn(process.execPath, [MAIN, 'start'], {
      cwd: this.cwd,
      env: this.environment,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.child = child;
    this.closed = once(child, 'close');
    this.output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    await this.untilReady(until);
  }

  /** @throws where it ended, or is not ready in time; with what it said */
  async untilReady(until: 'READY' | 'SERVING' = 'READY'): Promise<void> {
    const { child } = this;
    for (const deadline = Date.now() + READY_WITHIN_MS; Date.now() < deadline;) {
      if (child === null || hasEnded(child)) break;
      if (await this.isReady(until)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    if (child !== null && hasEnded(child)) await this.closed;
    throw new Error(`The system did not become ready:\n${this.output}`);
  }

  private async isReady(until: 'READY' | 'SERVING'): Promise<boolean> {
    try {
      const { ok } = await fetch(`${this.apiUrl}/ready`);
      return ok || until === 'SERVING';
    } catch {
      return false; // nothing listens yet
    }
  }

  /** SIGSTOP to a part with all its processes: it is there and does nothing, until it is let go on. */
  async freeze(part: 'chain' | 'database'): Promise<void> {
    for (const pid of await this.processesOf(part)) process.kill(pid, 'SIGSTOP');
  }

  async goOn(part: 'chain' | 'database'): Promise<void> {
    for (const pid of await this.processesOf(part)) process.kill(pid, 'SIGCONT');
  }

  /** Those that run of a part; none once it has ended. */
  async processesOf(part: 'chain' | 'database'): Promise<readonly number[]> {
    const roots = await this.pidsOf(part, this.child?.pid ?? 0);
    return roots.flatMap((pid) => [pid, ...childrenOf(pid)]);
  }

  /** SIGKILL to one of the processes that serve a connection, as when memory is short. */
  async killBackend(random: () => number): Promise<void> {
    const [, ...children] = await this.processesOf('database');
    killQuietly(children[Math.floor(random() * children.length)] ?? NaN);
  }

  /** SIGKILL, without a word before. */
  async kill(target: KillTarget): Promise<void> {
    const { child } = this;
    if (child?.pid === undefined) return;
    const exited = hasEnded(child) ? Promise.resolve() : once(child, 'exit');
    const pids = await this.pidsOf(target, child.pid);
    for (const pid of pids) killQuietly(pid);
    if (target === 'main' || target === 'everything') await exited;
  }

  private async pidsOf(target: KillTarget, main: number): Promise<readonly number[]> {
    const chain = childrenOf(main);
    const database = await this.databasePid();
    if (target === 'main') return [main];
    if (target === 'database') return database === null ? [] : [database];
    if (target === 'chain') return chain.filter((pid) => pid !== database);
    return [main, ...chain, ...(database === null ? [] : [database])];
  }

  private async databasePid(): Promise<number | null> {
    const text = await readFile(join(this.dataDir, 'database', 'postgres', 'postmaster.pid'), 'utf8').catch(
      () => '',
    );
    const pid = Number(text.split('\n')[0]);
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null;
  }

  /** Ctrl-C, or as a supervisor asks for it; returns the exit code. */
  async stop(signal: 'SIGINT' | 'SIGTERM' = 'SIGINT'): Promise<number | null> {
    const { child } = this;
    if (child === null) return null;
    if (!hasEnded(child)) {
      child.kill(signal);
      await this.closed;
    }
    return child.exitCode;
  }

  async remove(): Promise<void> {
    await this.stop();
    await removePostgresData(join(this.dataDir, 'database'));
    await rm(this.dataDir, { recursive: true, force: true });
  }
}

const hasEnded = ({ exitCode, signalCode }: ChildProcess): boolean =>
  exitCode !== null || signalCode !== null;

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error; // it ended by itself
  }
}
