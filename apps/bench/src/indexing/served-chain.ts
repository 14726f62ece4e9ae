import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { HeadMoved } from './chain-process.js';

export const CHAIN_ID = 31_415;
export const LOGS_A_BLOCK = 50;
const PORT = 4_841;

/** The chain that all contenders index, in a process of its own. */
export class ServedChain {
  readonly url = `http://127.0.0.1:${PORT}`;
  readonly webSocketUrl = `ws://127.0.0.1:${PORT}`;
  #head = 0;

  private constructor(
    private readonly folder: string,
    private readonly child: ChildProcess,
  ) {}

  /** @param blocks those of which any will be the head */
  static async start(blocks: number): Promise<ServedChain> {
    const folder = await mkdtemp(join(tmpdir(), 'abland-bench-chain-'));
    const entry = fileURLToPath(new URL('./chain-process.js', import.meta.url));
    const args = [folder, CHAIN_ID, PORT, blocks, LOGS_A_BLOCK].map(String);
    const child = fork(entry, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
    const ended = once(child, 'exit').then(() => {
      throw new Error('the chain could not be made');
    });
    await Promise.race([once(child, 'message'), ended]);
    ended.catch(() => undefined); // it is stopped at the end
    return new ServedChain(folder, child);
  }

  get head(): number {
    return this.#head;
  }

  /** Makes a block the newest one. */
  async moveTo(head: number): Promise<HeadMoved> {
    const moved = once(this.child, 'message');
    this.child.send(head);
    this.#head = head;
    return ((await moved) as [HeadMoved])[0];
  }

  async stop(): Promise<void> {
    const exited = once(this.child, 'exit');
    this.child.kill();
    await exited;
    await rm(this.folder, { recursive: true, force: true });
  }
}
