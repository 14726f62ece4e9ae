// The door to every command: sees to Node 24, packages and build, then runs the command and stays its parent.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { constants } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { runToEnd, Stopped } from './child.mjs';
import { exclusively } from './exclusive.mjs';
import { exitCode } from './exit-code.mjs';
import { ensureToolchain, root, say } from './toolchain.mjs';

const program = (name) => join(root, `dist/${name}.js`);
const abland = program('abland');
/** Arguments for Node of each command, before the caller's own. */
const COMMANDS = {
  start: [abland, 'start'],
  demo: [abland, 'demo'],
  abland: [abland],
  test: [join(root, 'apps/abland/bootstrap/test.mjs')],
  'test:deep': [join(root, 'apps/abland/bootstrap/test.mjs'), '--deep'],
  'test:systems': [join(root, 'apps/abland/bootstrap/test.mjs'), '--systems'],
  'test:faults': [join(root, 'apps/abland/bootstrap/test.mjs'), '--faults'],
  'test:fuzz': [join(root, 'apps/abland/bootstrap/test.mjs'), '--fuzz'],
  'test:servers': [join(root, 'apps/abland/bootstrap/test-servers.mjs')],
  'test:deploy': [join(root, 'apps/abland/bootstrap/test-deploy.mjs')],
  mutation: [join(root, 'apps/abland/bootstrap/mutation/mutation.mjs')],
  bench: [join(root, 'apps/bench/dist/main.js')],
  simulate: [program('simulation')],
  api: [program('api')],
  indexer: [program('indexer')],
  projector: [program('projector')],
  worker: [program('worker')],
  migrate: [abland, 'migrate'],
  chain: [abland, 'chain', 'serve'],
};

/**
 * Of each command. Where memory is large Node lets the heap's young part grow to 128 MiB and the rest to several times what is in use,
 * most of which is garbage already: a quarter of that, and half as much again as is in use, take hardly more of a processor's time.
 */
const NODE_ARGUMENTS = ['--enable-source-maps', '--max-semi-space-size=16', '--heap-growing-percent=50'];

/** One command at a time, but in a checkout that nobody may write into. */
async function build(node, signal) {
  const work = (onStart) => buildAlone(node, { signal, onStart });
  const waiting = () => say('another command is building; waiting for it');
  try {
    await exclusively(join(root, '.build.lock'), { signal, waiting, work });
  } catch (error) {
    if (error.code !== 'EACCES' && error.code !== 'EROFS') throw error;
    await buildAlone(node, { signal });
  }
}

async function buildAlone(node, running) {
  const file = join(root, 'apps/abland/bootstrap/build.mjs');
  const options = { ...running, stdio: ['ignore', 'ignore', 'inherit'] };
  const code = await runToEnd('building', node, [file], options);
  if (code !== 0) throw new Error('the build failed');
}

/** The processes between us and the terminal that npm made: when one of them is killed, we are no longer wanted. */
function npmAncestors() {
  const ancestors = [process.ppid];
  try {
    const stat = readFileSync(`/proc/${process.ppid}/stat`, 'utf8');
    const [, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const name = readFileSync(`/proc/${process.ppid}/comm`, 'utf8').trim();
    if (/^(sh|dash|bash)$/.test(name) && process.env.npm_lifecycle_event !== undefined)
      ancestors.push(Number(parent));
  } catch {
    // No /proc on this system: the direct parent alone is watched.
  }
  return ancestors;
}

const isAlive = (pid) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
};

/** Ctrl-C, a supervisor, a terminal that was closed. */
const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

async function run(node, name, args) {
  const child = spawn(node, [...NODE_ARGUMENTS, ...args], {
    cwd: root, // as npm has it: a relative path of a setting is the same from wherever the command is called
    env: {
      // What one start has compiled the next one need not: it is of the time of a start to more than a tenth.
      NODE_COMPILE_CACHE: join(root, '.toolchain', 'compile-cache'),
      ...process.env,
      PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`,
    },
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  // Ctrl-C reaches the whole terminal group, the child among it; a signal to us alone is passed on.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => child.kill('SIGTERM'));
  process.on('SIGHUP', () => child.kill('SIGTERM'));
  onceUnwanted(() => child.kill('SIGTERM'));
  return exitCode(child, name, say);
}

const ancestors = process.env.npm_lifecycle_event === undefined ? [] : npmAncestors();

/** Calls back while one of those is gone by which we were called. */
function onceUnwanted(callback) {
  const watch = setInterval(() => {
    if (!ancestors.every(isAlive)) callback();
  }, 500);
  watch.unref();
  return () => clearInterval(watch);
}

/** Node, packages and build are there. Whoever ends us meanwhile ends what we have begun for it. @throws Stopped */
async function prepare() {
  const stopping = new AbortController();
  const stop = (signal) => stopping.abort(signal);
  for (const signal of STOP_SIGNALS) process.on(signal, stop);
  const isWanted = onceUnwanted(() => stop('SIGHUP'));
  try {
    const node = await ensureToolchain(stopping.signal);
    await build(node, stopping.signal);
    return node;
  } finally {
    isWanted();
    for (const signal of STOP_SIGNALS) process.off(signal, stop);
  }
}

const [name, ...rest] = process.argv.slice(2);
try {
  const command = COMMANDS[name];
  if (command === undefined)
    throw new Error(`no such command: ${name ?? ''}; there are ${Object.keys(COMMANDS).join(', ')}`);
  if (!existsSync(join(root, 'package-lock.json')))
    throw new Error('package-lock.json is missing: the checkout is not whole');
  const node = await prepare();
  process.exitCode = await run(node, name, [...command, ...rest]);
} catch (error) {
  say(error.message);
  process.exitCode = error instanceof Stopped ? 128 + constants.signals[error.signal] : 1;
}
