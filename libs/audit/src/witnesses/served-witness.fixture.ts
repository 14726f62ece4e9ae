import { readFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { once } from 'node:events';
import { fromBase64, toBase64, type TreeHead, type VerifierKey } from '@abland/audit-verify';
import type { NoteSigner } from '../signing/log-signer.js';
import { TREE_SIZE_TYPE } from './add-checkpoint.js';
import { SmallWitness, type WitnessState } from './small-witness.fixture.js';
import type { WitnessAt } from './witness-client.js';

/** In a file, which is replaced as a whole, and never by less than it says. */
export class FileState implements WitnessState {
  private trees: Readonly<Record<string, { readonly size: number; readonly root: string }>>;

  constructor(private readonly path: string) {
    this.trees = readTrees(path);
  }

  known(origin: string): TreeHead | null {
    const tree = this.trees[origin];
    return tree === undefined ? null : { size: tree.size, root: fromBase64(tree.root) };
  }

  async keep(origin: string, { root, size }: TreeHead): Promise<void> {
    if (size < (readTrees(this.path)[origin]?.size ?? 0)) throw new Error('A witness never goes back');
    const trees = { ...this.trees, [origin]: { size, root: toBase64(root) } };
    const file = await open(`${this.path}.new`, 'w');
    await file.writeFile(JSON.stringify(trees));
    await file.sync();
    await file.close();
    await rename(`${this.path}.new`, this.path);
    this.trees = trees;
  }
}

function readTrees(path: string): FileState['trees'] {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as FileState['trees'];
  } catch {
    return {};
  }
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** A witness of a log behind HTTP, which a test may have answer otherwise. */
export class ServedWitness {
  /** Instead of what it would answer: null, that. */
  instead: ((body: string, right: () => Promise<Answer>) => Promise<Answer | 'HANG'>) | null = null;
  /** What it was asked with. */
  readonly asked: string[] = [];

  private constructor(
    private readonly server: Server,
    readonly signer: NoteSigner,
  ) {}

  static async start(
    signer: NoteSigner,
    logKeys: readonly VerifierKey[],
    file: string,
  ): Promise<ServedWitness> {
    const witness = new SmallWitness(signer, logKeys, new FileState(file), () =>
      Math.floor(Date.now() / 1_000),
    );
    const server = createServer((request, response) => {
      void (async () => {
        const body = await textOf(request);
        served.asked.push(body);
        const right = (): Promise<Answer> => witness.answer(body);
        const answer = await (served.instead === null ? right() : served.instead(body, right));
        if (answer === 'HANG') return;
        response.statusCode = answer.status;
        if (answer.status === 409) response.setHeader('content-type', TREE_SIZE_TYPE);
        response.end(answer.body);
      })();
    });
    const served = new ServedWitness(server, signer);
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return served;
  }

  get at(): WitnessAt {
    const { port } = this.server.address() as AddressInfo;
    return { key: this.signer.key, url: `http://127.0.0.1:${port}` };
  }

  stop(): void {
    this.server.closeAllConnections();
    this.server.close();
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
