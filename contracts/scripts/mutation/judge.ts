import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { makeWorkingCopy, type WorkingCopy } from '../working-copy.js';
import type { Judgement, Question } from './judgement.js';

const QUESTIONS_PER_PROCESS = 150;
const TIME_LIMIT_MS = 400_000;

/** A worker with its working copy. It is started again now and then, because every test leaves a chain in its memory. */
export class Judge {
  private child: ChildProcess | null = null;
  private asked = 0;

  private constructor(private readonly copy: WorkingCopy) {}

  static async make(): Promise<Judge> {
    return new Judge(await makeWorkingCopy());
  }

  /** A worker that dies or does not end is asked once more: a change that brings it down twice is noticed. */
  async ask(question: Question): Promise<Judgement> {
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (this.child === null || this.asked >= QUESTIONS_PER_PROCESS) await this.restart();
      this.asked += 1;
      const judgement = await this.answer(question);
      if (judgement !== null) return judgement;
      this.stop();
    }
    return { verdict: 'killed', by: 'the end of the process, or the time limit' };
  }

  private answer(question: Question): Promise<Judgement | null> {
    const { child } = this;
    if (child === null) throw new Error('the worker is not running');
    return new Promise((resolve) => {
      const settle = (judgement: Judgement | null): void => {
        clearTimeout(timer);
        child.removeAllListeners();
        resolve(judgement);
      };
      const timer = setTimeout(settle, TIME_LIMIT_MS, null);
      child.once('message', settle);
      child.once('exit', () => {
        settle(null);
      });
      if (child.exitCode === null) child.send(question);
      else settle(null);
    });
  }

  async close(): Promise<void> {
    this.stop();
    await this.copy.remove();
  }

  private async restart(): Promise<void> {
    this.stop();
    this.asked = 0;
    this.child = fork(join(this.copy.folder, 'scripts/mutation/worker.ts'), {
      cwd: this.copy.folder,
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      execArgv: ['--conditions=@abland/source', '--import', 'tsx'],
      env: { ...process.env, HH_TEST: 'true' },
    });
    await Promise.race([
      once(this.child, 'message'),
      once(this.child, 'exit').then(() => {
        throw new Error('the worker did not start');
      }),
    ]);
  }

  private stop(): void {
    this.child?.kill('SIGKILL');
    this.child = null;
  }
}
