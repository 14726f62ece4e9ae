import { freePort } from '../free-port.js';
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { KAFKA_USER, LOG4J, makeCertificates, type NodePorts, serverProperties } from './broker-files.js';

const run = promisify(execFile);
const UP_MS = 120_000;
const LOOK_AGAIN_MS = 100;
const HEAP = ['-Xms128m', '-Xmx384m', '-XX:TieredStopAtLevel=1'];

interface Node {
  readonly id: number;
  readonly folder: string;
  readonly ports: NodePorts;
  child: ChildProcess | null;
}

export interface ClusterOptions {
  /** Folder of Kafka's jars. */
  readonly jars: string;
  readonly nodes?: number;
  /** Whether clients come by SASL over TLS only. */
  readonly secured?: boolean;
}

/** A real Apache Kafka in KRaft mode on ports of its own: brokers that are controllers too, to be killed, frozen and started again. */
export class KafkaCluster {
  private constructor(
    private readonly folder: string,
    private readonly jars: string,
    private readonly nodes: readonly Node[],
    /** Certificate of the authority in PEM; null where it is not secured. */
    readonly ca: string | null,
  ) {}

  static async start({ jars, nodes: count = 1, secured = false }: ClusterOptions): Promise<KafkaCluster> {
    const folder = await mkdtemp(join(tmpdir(), 'abland-kafka-'));
    const ca = secured ? await makeCertificates(folder) : null;
    const ports = await freePorts(count);
    const nodes = ports.map((own, index): Node => {
      return { id: index + 1, folder: join(folder, String(index + 1)), ports: own, child: null };
    });
    const cluster = new KafkaCluster(folder, jars, nodes, ca);
    try {
      await cluster.#format(ports, secured ? folder : null);
      await Promise.all(nodes.map(({ id }) => cluster.startNode(id)));
      return cluster;
    } catch (error) {
      await cluster.remove();
      throw error;
    }
  }

  get brokers(): readonly string[] {
    return this.nodes.map(({ ports }) => `127.0.0.1:${ports.clients}`);
  }

  /** Returns once it takes connections. */
  async startNode(id: number): Promise<void> {
    const node = this.#node(id);
    const log = openSync(join(node.folder, 'kafka.log'), 'a');
    const args = [
      ...HEAP,
      `-Dlog4j2.configurationFile=${join(node.folder, 'log4j2.properties')}`,
      ...['-cp', `${this.jars}/*`, 'kafka.Kafka', join(node.folder, 'server.properties')],
    ];
    const child = spawn('java', args, { stdio: ['ignore', log, log] });
    closeSync(log);
    node.child = child;
    for (const deadline = Date.now() + UP_MS; Date.now() < deadline; await sleep(LOOK_AGAIN_MS)) {
      if (child.exitCode !== null || child.signalCode !== null) break;
      if (await answers(node.ports.clients)) return;
    }
    const said = await readFile(join(node.folder, 'kafka.log'), 'utf8').catch(() => '');
    throw new Error(`Kafka's node ${id} did not come up:\n${said.split('\n').slice(-15).join('\n')}`);
  }

  /** kill -9: what it had acknowledged is there when it is started again. */
  async kill(id: number): Promise<void> {
    await endNode(this.#node(id), 'SIGKILL');
  }

  /** It answers nothing, and goes on where it was once it is thawed. */
  freeze(id: number): void {
    this.#node(id).child?.kill('SIGSTOP');
  }

  thaw(id: number): void {
    this.#node(id).child?.kill('SIGCONT');
  }

  async remove(): Promise<void> {
    await Promise.all(this.nodes.map((node) => endNode(node, 'SIGKILL')));
    await rm(this.folder, { recursive: true, force: true });
  }

  async #format(ports: readonly NodePorts[], certificates: string | null): Promise<void> {
    const { stdout } = await this.#storage('random-uuid');
    const cluster = stdout.trim().split('\n').at(-1) ?? '';
    for (const { id, folder } of this.nodes) {
      await mkdir(folder, { recursive: true });
      const settings = join(folder, 'server.properties');
      await writeFile(settings, serverProperties({ id, folder, ports, certificates }));
      await writeFile(join(folder, 'log4j2.properties'), LOG4J);
      const users = certificates === null ? [] : ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap(scramUser);
      await this.#storage('format', '-t', cluster, '-c', settings, ...users);
    }
  }

  #storage(...args: string[]): Promise<{ stdout: string }> {
    return run('java', ['-cp', `${this.jars}/*`, 'kafka.tools.StorageTool', ...args]);
  }

  #node(id: number): Node {
    const node = this.nodes.find((one) => one.id === id);
    if (node === undefined) throw new RangeError(`there is no node ${id}`);
    return node;
  }
}

const scramUser = (mechanism: string): string[] => [
  '--add-scram',
  `${mechanism}=[name=${KAFKA_USER.username},password=${KAFKA_USER.password}]`,
];

async function endNode(node: Node, signal: NodeJS.Signals): Promise<void> {
  const { child } = node;
  node.child = null;
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill(signal);
  await exited;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** Three for each node, all different. */
async function freePorts(nodes: number): Promise<NodePorts[]> {
  const ports = await Promise.all(Array.from({ length: 3 * nodes }, freePort));
  return Array.from({ length: nodes }, (_, index) => ({
    clients: ports[3 * index] ?? 0,
    controller: ports[3 * index + 1] ?? 0,
    brokers: ports[3 * index + 2] ?? 0,
  }));
}
