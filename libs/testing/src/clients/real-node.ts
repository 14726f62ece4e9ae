import { freePort } from '../free-port.js';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installAnvil, installGeth } from './install-clients.js';

const UP_MS = 120_000;
const LOOK_AGAIN_MS = 100;

/** A client of Ethereum that makes a chain of its own, a block a second. */
export interface Client {
  readonly name: 'anvil' | 'geth';
  readonly chainId: number;
  /** Of an account that its chain begins with, and that everybody has the key of. Never of value. */
  readonly fundedKey: string;
  /** @throws with the reason why it cannot be had */
  readonly install: () => Promise<string>;
  readonly args: (port: number, folder: string) => readonly string[];
  /** What takes the newest blocks of a chain back, so that others come in their place. */
  readonly takeBack: (depth: number, head: number) => readonly [method: string, ...params: unknown[]];
}

const quantity = (value: number): string => `0x${value.toString(16)}`;

export const CLIENTS: Readonly<Record<Client['name'], Client>> = {
  anvil: {
    name: 'anvil',
    chainId: 31_337,
    fundedKey: '0xac0974bec39a17e36ba4a6b4d238ff944bacb478cbed5efcae784d7bf4f2ff80',
    install: installAnvil,
    args: (port) => ['--port', `${port}`, '--block-time', '1', '--chain-id', '31337', '--silent'],
    takeBack: (depth) => ['anvil_reorg', depth, []],
  },
  geth: {
    name: 'geth',
    chainId: 1_337,
    fundedKey: '0xb71c71a67e1177ad4e901695e1b4b9ee17ae16c6668d313eac2f96dbcda3f291',
    install: installGeth,
    args: (port, folder) => [
      ...['--dev', '--dev.period', '1', '--datadir', folder, '--ipcdisable', '--verbosity', '2'],
      ...['--http', '--http.port', `${port}`, '--http.api', 'eth,net,web3,debug', '--authrpc.port', '0'],
    ],
    takeBack: (depth, head) => ['debug_setHead', quantity(head - depth)],
  },
};

/** A real client in a process of its own, to be asked, reorganized, killed and started again. */
export class RealNode {
  #child: ChildProcess | null = null;

  private constructor(
    readonly client: Client,
    private readonly binary: string,
    private readonly port: number,
    private readonly folder: string,
  ) {}

  static async start(client: Client): Promise<RealNode> {
    const binary = await client.install();
    const folder = await mkdtemp(join(tmpdir(), `abland-${client.name}-`));
    const node = new RealNode(client, binary, await freePort(), folder);
    await node.start();
    return node;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Returns once it answers. @throws with what it said where it does not */
  async start(): Promise<void> {
    const log = openSync(join(this.folder, 'node.log'), 'a');
    const args = this.client.args(this.port, join(this.folder, 'data'));
    const child = spawn(this.binary, args, { stdio: ['ignore', log, log] });
    closeSync(log);
    this.#child = child;
    for (const deadline = Date.now() + UP_MS; Date.now() < deadline; await sleep(LOOK_AGAIN_MS)) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      if ((await this.head().catch(() => null)) !== null) return;
    }
    const said = await readFile(join(this.folder, 'node.log'), 'utf8').catch(() => '');
    throw new Error(`${this.client.name} does not answer:\n${said.slice(-2_000)}`);
  }

  async request(method: string, ...params: readonly unknown[]): Promise<unknown> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
      signal: AbortSignal.timeout(10_000),
    });
    const { error, result } = (await response.json()) as { error?: { message: string }; result?: unknown };
    if (error !== undefined) throw new Error(`${method}: ${error.message}`);
    return result;
  }

  async head(): Promise<number> {
    return Number(await this.request('eth_blockNumber'));
  }

  /** So many of the newest blocks are not of the chain any more. */
  async takeBack(depth: number): Promise<void> {
    await this.request(...this.client.takeBack(depth, await this.head()));
  }

  /** SIGKILL, without a word before. */
  async kill(): Promise<void> {
    const child = this.#child;
    if (child === null || child.exitCode !== null || child.signalCode !== null) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  }

  async remove(): Promise<void> {
    await this.kill();
    await rm(this.folder, { recursive: true, force: true });
  }
}
