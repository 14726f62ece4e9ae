import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';

/** A worker process that is started again whenever it is killed, until it is told to end. */
export class KeptProcess {
  private child: ChildProcess;
  private ending = false;
  /** It has said that it is under way. */
  working = false;
  private spared = 0;
  kills = 0;
  private readonly failure: { reason?: Error } = {};

  constructor(
    private readonly program: string,
    private readonly options: (start: number) => object,
  ) {
    this.child = this.start();
  }

  /** Spares one that is only starting, but for every third time: on a busy machine nothing else would come of it. */
  kill(): void {
    if (!this.working && (this.spared += 1) % 3 !== 0) return;
    if (this.child.kill('SIGKILL')) this.kills += 1;
  }

  /** Lets the process end what it is doing. @throws where it ended by itself before, with its exit code. */
  async finish(): Promise<void> {
    this.ending = true;
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.send('finish');
      await exit;
    }
    this.check();
    if (this.child.exitCode !== 0) throw new Error(`${this.program} ended with ${this.child.exitCode}`);
  }

  async end(): Promise<void> {
    this.ending = true;
    if (this.child.exitCode === null && this.child.signalCode === null) {
      const exit = once(this.child, 'exit');
      this.child.kill('SIGKILL');
      await exit;
    }
    this.check();
  }

  private check(): void {
    if (this.failure.reason !== undefined) throw this.failure.reason;
  }

  private start(): ChildProcess {
    const child = fork(this.program, [JSON.stringify(this.options(this.kills))], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
      execArgv: [],
    });
    this.working = false;
    child.once('message', () => (this.working = true));
    child.once('exit', (code) => {
      if (this.ending) return;
      if (code !== null) this.failure.reason = new Error(`${this.program} ended by itself with ${code}`);
      else this.child = this.start();
    });
    return child;
  }
}
