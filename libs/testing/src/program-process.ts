import { freePort } from './free-port.js';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

/** What /ready tells of a program's parts. */
export type ProgramStatus = Readonly<Record<string, unknown>> & { readonly status: string };

export type ProgramName = 'abland' | 'api' | 'indexer' | 'projector' | 'worker';

/** As `npm run build` bundles it: the same place from src/ and from dist/. */
const programFile = (name: string): string =>
  fileURLToPath(new URL(`../../../dist/${name}.js`, import.meta.url));

/** What a program has of where it runs. */
const HERE = {
  PATH: process.env['PATH'],
  ...(process.env['NODE_COMPILE_CACHE'] && { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] }),
};

/** A program in a process of its own, as production runs it, and watched as production watches it. */
export class ProgramProcess {
  /** What it said so far. */
  output = '';
  /** Resolves once it has ended and all that it said was read: of one that has merely exited, something may still be in the pipe. */
  private readonly closed: Promise<unknown>;

  private constructor(
    private readonly child: ChildProcess,
    private readonly port: number,
  ) {
    this.closed = once(child, 'close');
    for (const stream of [child.stdout, child.stderr])
      stream?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
  }

  static async start(
    name: ProgramName,
    env: Readonly<Record<string, string>>,
    nodeArguments: readonly string[] = [],
  ): Promise<ProgramProcess> {
    const port = await freePort();
    const child = spawn(process.execPath, [...nodeArguments, programFile(name)], {
      env: { ...HERE, PORT: String(port), ...env, METRICS_PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    return new ProgramProcess(child, port);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }
  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Null while nothing answers. @throws where the program has ended, with what it said */
  async status(): Promise<ProgramStatus | null> {
    const { exitCode, signalCode } = this.child;
    if (exitCode !== null || signalCode !== null) {
      await this.closed;
      throw new Error(`The program ended (${signalCode ?? exitCode}):\n${this.output}`);
    }
    try {
      const response = await fetch(`${this.url}/ready`, {
        signal: AbortSignal.timeout(5_000),
      });
      return (await response.json()) as ProgramStatus;
    } catch {
      return null; // it has not begun to listen, or is being stopped
    }
  }

  /** Waits for a status as wanted, and returns it. @throws where it does not come in time, with what was last told */
  async until(isAsWanted: (status: ProgramStatus) => boolean, withinMs: number): Promise<ProgramStatus> {
    let last: ProgramStatus | null = null;
    for (const giveUpAt = Date.now() + withinMs; Date.now() < giveUpAt;) {
      last = await this.status();
      if (last !== null && isAsWanted(last)) return last;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`Not so within ${withinMs} ms: ${JSON.stringify(last)}\n${this.output}`);
  }

  /** Its exit code, once it has ended by itself. */
  async ended(): Promise<number | null> {
    await this.closed;
    return this.child.exitCode;
  }

  /** It does nothing, and goes on where it was once it is thawed. */
  freeze(): void {
    this.child.kill('SIGSTOP');
  }

  thaw(): void {
    this.child.kill('SIGCONT');
  }

  /** Ends it: by SIGKILL without a word before. Returns the exit code, null after a signal. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const { child } = this;
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await this.closed;
    return child.exitCode;
  }
}
