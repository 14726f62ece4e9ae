// A Docker engine for the tests: the one at hand, or one of our own of Debian's packages, where no image need be pulled from anywhere.
import { execFile, spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { root } from './toolchain.mjs';

const run = promisify(execFile);
const MINUTE_MS = 60_000;
const PACKAGES = ['docker.io', 'containerd', 'runc', 'iptables', 'docker-compose', 'debootstrap'];
const STARTS_WITHIN_MS = MINUTE_MS;

/** Debian's own client builds with BuildKit, as others before it on the PATH may not. */
const client = () => (existsSync('/usr/bin/docker') ? '/usr/bin/docker' : 'docker');

/** What a container is run by, in the environment of its engine. */
export class Engine {
  #folder;
  #child;

  constructor(env, folder, child) {
    this.env = env;
    this.#folder = folder;
    this.#child = child;
  }

  /** What a command of the client prints. */
  async docker(args, { minutes = 2 } = {}) {
    const { stdout } = await run(client(), args, {
      cwd: root,
      env: this.env,
      timeout: minutes * MINUTE_MS,
      maxBuffer: 2 ** 26,
    });
    return stdout.trim();
  }

  async compose(args, { env = {}, minutes = 5 } = {}) {
    const options = {
      cwd: root,
      env: { ...this.env, ...env },
      timeout: minutes * MINUTE_MS,
      maxBuffer: 2 ** 26,
    };
    const { stdout } = await run('docker-compose', args, options);
    return stdout.trim();
  }

  hasImage(name) {
    return this.docker(['image', 'inspect', '--format', '{{.Id}}', name]).then(
      () => true,
      () => false,
    );
  }

  /** Stops an engine of our own; what it has made stays for the next time. */
  async stop() {
    if (this.#child === null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGTERM');
    await ended;
    await rm(join(this.#folder, 'docker.sock'), { force: true });
  }
}

/**
 * @param folder where an engine of our own keeps what it makes
 * @throws with the reason why there can be none
 */
export async function startEngine(folder) {
  const at = new Engine({ ...process.env, DOCKER_BUILDKIT: '1' }, folder, null);
  if (await answers(at)) return at;
  if (process.getuid?.() !== 0) throw new Error('no Docker engine answers, and only root may start one');
  await install();
  return startOwn(folder);
}

const answers = (engine) =>
  engine.docker(['version']).then(
    () => true,
    () => false,
  );

async function install() {
  const isHere = (program) =>
    run('which', [program]).then(
      () => true,
      () => false,
    );
  if ((await isHere('dockerd')) && (await isHere('debootstrap')) && (await isHere('docker-compose'))) return;
  const options = { env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }, timeout: 10 * MINUTE_MS };
  try {
    await run('apt-get', ['update', '-qq'], options);
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...PACKAGES], options);
  } catch (error) {
    throw new Error(`${PACKAGES.join(', ')} are not all packages that this machine can install`, {
      cause: error,
    });
  }
}

async function startOwn(folder) {
  await mkdir(folder, { recursive: true });
  const host = `unix://${folder}/docker.sock`;
  // Its own limits are above what a process may have on some machines.
  const limit = (name) => ({ Name: name, Soft: 4096, Hard: 4096 });
  const settings = {
    'data-root': join(folder, 'data'),
    'exec-root': join(folder, 'exec'),
    pidfile: join(folder, 'docker.pid'),
    hosts: [host],
    'default-ulimits': { nofile: limit('nofile'), nproc: limit('nproc') },
  };
  await writeFile(join(folder, 'daemon.json'), JSON.stringify(settings));
  const log = openSync(join(folder, 'dockerd.log'), 'a');
  const child = spawn('dockerd', ['--config-file', join(folder, 'daemon.json')], {
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  process.once('exit', () => child.kill('SIGTERM')); // with what runs in it, should we be stopped meanwhile
  const engine = new Engine({ ...process.env, DOCKER_HOST: host, DOCKER_BUILDKIT: '1' }, folder, child);
  for (const until = Date.now() + STARTS_WITHIN_MS; Date.now() < until; await pause(500))
    if (await answers(engine)) return engine;
  await engine.stop();
  throw new Error(`dockerd does not answer; ${join(folder, 'dockerd.log')} says more`);
}

/** Makes Debian's base image of its packages, where there is none and none can be pulled. */
export async function makeDebian(engine, folder) {
  const name = 'debian:bookworm-slim';
  if (await engine.hasImage(name)) return;
  const rootfs = join(folder, 'rootfs');
  await rm(rootfs, { recursive: true, force: true });
  await run('debootstrap', ['--variant=minbase', 'bookworm', rootfs], {
    timeout: 20 * MINUTE_MS,
    maxBuffer: 2 ** 26,
  });
  await run('sh', ['-c', `tar -C "$0" -c . | ${client()} import - ${name}`, rootfs], {
    env: engine.env,
    timeout: 5 * MINUTE_MS,
  });
  await rm(rootfs, { recursive: true, force: true });
}

/** Node's base image, of the Node that runs this and the npm at hand. */
export async function makeNode(engine, folder) {
  const name = 'node:24-bookworm-slim';
  if (await engine.hasImage(name)) return;
  const context = await mkdtemp(join(folder, 'node-'));
  try {
    await cp(join(root, 'deploy/test/node/Dockerfile'), join(context, 'Dockerfile'));
    await cp(process.execPath, join(context, 'node'));
    await cp(await npmFolder(), join(context, 'npm'), { recursive: true, dereference: true });
    await engine.docker(['build', '--quiet', '--tag', name, context], { minutes: 5 });
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}

/** Of whichever npm is at hand: the one that called us, else the one on the PATH. */
async function npmFolder() {
  const cli = process.env.npm_execpath ?? (await run('sh', ['-c', 'command -v npm'])).stdout.trim();
  const folder = dirname(dirname(await realpath(cli)));
  if (!existsSync(join(folder, 'bin/npm-cli.js'))) throw new Error(`${folder} is not npm's folder`);
  return folder;
}

/** Of a server, under the name that is pulled elsewhere. */
export async function makeStandIn(engine, name, folder) {
  if (await engine.hasImage(name)) return;
  await engine.docker(['build', '--quiet', '--tag', name, join(root, 'deploy/test', folder)], {
    minutes: 10,
  });
}
