// What must be there before any of our code can run: Node 24 and the packages of the lock file. Runs on Node 20.19 or
// newer with nothing installed, so it imports only what Node brings.
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runToEnd } from './child.mjs';
import { exclusively } from './exclusive.mjs';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const NODE_MAJOR = 24;
const TICK_MS = 10_000;

export const say = (text) => process.stderr.write(`abland: ${text}\n`);

/** Runs a command to its end; a line every ten seconds says that it is still at it. Its output is shown only if it fails. */
async function runQuietly(label, command, args, options) {
  const started = Date.now();
  const seconds = () => Math.round((Date.now() - started) / 1000);
  const tick = setInterval(() => say(`${label}: ${seconds()} s`), TICK_MS);
  let output = '';
  try {
    const code = await runToEnd(label, command, args, {
      ...options,
      stdio: ['ignore', 'pipe', 'pipe'],
      onOutput: (chunk) => (output += chunk),
    });
    if (code !== 0) throw new Error(`${label} failed:\n${excerpt(output)}`);
  } finally {
    clearInterval(tick);
  }
}

/** The first and the last lines: npm says first what is wrong and last where its log is. */
function excerpt(output) {
  const lines = output.trim().split('\n');
  return lines.length <= 30 ? lines.join('\n') : [...lines.slice(0, 20), '…', ...lines.slice(-5)].join('\n');
}

/** npm as the user's own npm, run by a given Node, without what an outer npm call left in the environment. */
function npmCommand(node, args) {
  const env = Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) => !/^npm_(config_(call|package|prefix|global)|lifecycle|package)/i.test(name),
    ),
  );
  env.PATH = `${dirname(node)}${delimiter}${process.env.PATH ?? ''}`;
  const cli = process.env.npm_execpath;
  const viaNode = cli !== undefined && /npm-cli\.js$/.test(cli) && existsSync(cli);
  return viaNode ? { command: node, args: [cli, ...args], env } : { command: 'npm', args, env };
}

const folder = join(root, '.toolchain');
/** Installed once beside the checkout's packages where the one at hand is too old. */
const installedNode = join(
  folder,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
);

function nodeAtHand() {
  if (Number(process.versions.node.split('.')[0]) >= NODE_MAJOR) return process.execPath;
  return existsSync(installedNode) ? installedNode : null;
}

/** Where it is not taken for whole before it is. */
const installing = join(folder, 'installing');

async function installNode(running) {
  say(`Node ${process.versions.node} is at hand, ${NODE_MAJOR} is needed: installing it from npm, once`);
  await rm(folder, { recursive: true, force: true });
  await mkdir(installing, { recursive: true });
  await writeFile(join(installing, 'package.json'), '{ "private": true }\n');
  const npm = npmCommand(process.execPath, [
    'install',
    '--no-audit',
    '--no-fund',
    '--no-package-lock',
    `node@${NODE_MAJOR}`,
  ]);
  const options = { ...running, cwd: installing, env: npm.env };
  await runQuietly(`installing Node ${NODE_MAJOR}`, npm.command, npm.args, options);
  await rename(join(installing, 'node_modules'), join(folder, 'node_modules'));
  if (!existsSync(installedNode)) {
    throw new Error(`npm installed Node ${NODE_MAJOR}, but ${installedNode} is not there`);
  }
  return installedNode;
}

/**
 * Path of a Node that is new enough, with the packages of the lock file beside it: installed where they are missing or of
 * another lock file, by one command at a time.
 * @param {AbortSignal} signal
 * @throws Stopped once nothing is left that goes on, where the signal is aborted
 */
export async function ensureToolchain(signal) {
  let node = nodeAtHand();
  if (node !== null && (await arePackagesThere())) return node;
  await exclusively(join(root, '.toolchain.lock'), {
    signal,
    waiting: () => say('another command is installing what is needed; waiting for it'),
    work: async (onStart) => {
      const running = { signal, onStart };
      node = nodeAtHand() ?? (await installNode(running));
      if (!(await arePackagesThere())) await installPackages(node, running);
    },
  });
  return node;
}

const stamp = join(root, 'node_modules', '.abland-lock');

/** What the packages are installed for. */
const lockDigest = async () =>
  createHash('sha256')
    .update(await readFile(join(root, 'package-lock.json')))
    .digest('hex');

const arePackagesThere = async () => (await readFile(stamp, 'utf8').catch(() => '')) === (await lockDigest());

async function installPackages(node, running) {
  const wanted = await lockDigest();
  say('installing the packages, once for this version (one to three minutes)');
  // Under an older Node npm leaves out optional packages that ask for a newer one: so npm itself runs on this Node.
  const npm = npmCommand(node, ['ci', '--no-audit', '--no-fund']);
  await rm(stamp, { force: true }); // from here on they are not whole
  await runQuietly('installing packages', npm.command, npm.args, { ...running, cwd: root, env: npm.env });
  await writeFile(`${stamp}.tmp`, wanted);
  await rename(`${stamp}.tmp`, stamp);
}
