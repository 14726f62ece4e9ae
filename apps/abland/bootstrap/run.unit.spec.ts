import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { until } from '@abland/testing/eventually';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

/** Says that it runs, and, where it is told to stand, has a child of its own and goes on for ever, also after a SIGTERM. */
const program = (name: string): string => `
  import { spawn } from 'node:child_process';
  import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
  const stands = existsSync('${name}-stands');
  if ('${name}' === 'npm') mkdirSync('node_modules', { recursive: true });
  const child = stands ? spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' }) : null;
  if (stands) process.on('SIGTERM', () => undefined);
  writeFileSync('${name}-runs', [process.pid, child?.pid].join(' '));
  if (stands) setInterval(() => 0, 1000);
`;

/** Whether it runs: what has ended and was not asked after yet does not, where the system tells. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  if (!existsSync('/proc/self/cmdline')) return true;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8') !== '';
  } catch {
    return false;
  }
}

describe('the door to every command', () => {
  let root: string;
  /** Process numbers. */
  const begunHere: number[] = [];
  let said: string;
  const at = (...names: readonly string[]): string => join(root, ...names);

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'abland-door-'));
    const bootstrap = at('apps', 'abland', 'bootstrap');
    const ours = fileURLToPath(new URL('.', import.meta.url));
    await cp(ours, bootstrap, { recursive: true, filter: (file) => !file.endsWith('.ts') });
    await mkdir(at('dist'));
    await writeFile(at('package.json'), '{ "type": "module" }');
    await writeFile(at('package-lock.json'), '{}');
    await writeFile(at('npm-cli.js'), program('npm'));
    await writeFile(join(bootstrap, 'build.mjs'), program('build'));
    await writeFile(at('dist', 'abland.js'), program('abland'));
  });
  afterEach(async () => {
    for (const pid of begunHere.splice(0)) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
    await rm(root, { recursive: true, force: true });
  });

  function start(): ChildProcess {
    const env = { ...process.env, NODE_OPTIONS: '', npm_execpath: at('npm-cli.js') };
    delete (env as NodeJS.ProcessEnv)['npm_lifecycle_event'];
    const door = at('apps', 'abland', 'bootstrap', 'run.mjs');
    const child = spawn(process.execPath, [door, 'start'], { cwd: root, env });
    said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    if (child.pid !== undefined) begunHere.push(child.pid);
    return child;
  }
  const isThere = async (name: string): Promise<boolean> =>
    stat(at(name)).then(
      () => true,
      () => false,
    );
  /** The process numbers of what runs, and of its child. */
  async function begun(name: string): Promise<readonly number[]> {
    const pids = async (): Promise<readonly number[]> =>
      (await readFile(at(`${name}-runs`), 'utf8').catch(() => ''))
        .split(' ')
        .map(Number)
        .filter((pid) => pid > 0);
    await until(
      async () => (await pids()).length === 2,
      () => said,
    );
    const known = await pids();
    begunHere.push(...known);
    return known;
  }
  /** Until the lock names the process group that works for its holder. */
  const untilNoted = (lock: string): Promise<void> =>
    until(async () => /^\d+ [1-9]/.test(await readFile(at(lock), 'utf8')));
  async function ended(child: ChildProcess): Promise<unknown> {
    if (child.exitCode === null && child.signalCode === null) await once(child, 'close');
    return child.exitCode ?? child.signalCode;
  }

  it.each([
    ['SIGTERM', 'npm', 'installing packages', 143],
    ['SIGINT', 'npm', 'installing packages', 130],
    ['SIGHUP', 'build', 'building', 129],
    ['SIGTERM', 'build', 'building', 143],
  ] as const)('ends at a %s while %s runs, with all of it, and a word', async (signal, name, what, code) => {
    await writeFile(at(`${name}-stands`), '');
    const child = start();
    const pids = await begun(name);
    child.kill(signal);
    expect(await ended(child)).toBe(code);
    expect(said).toContain(`abland: stopped by ${signal} while ${what}: the next command does that anew\n`);
    await until(() => !pids.some(isAlive));
    expect(await Promise.all(['.toolchain.lock', '.build.lock'].map(isThere))).toEqual([false, false]);
    expect(await isThere('abland-runs')).toBe(false);

    await rm(at(`${name}-stands`));
    await rm(at(`${name}-runs`));
    expect(await ended(start())).toBe(0);
    expect(await Promise.all([`${name}-runs`, 'abland-runs'].map(isThere))).toEqual([true, true]);
  });

  it('ends what one that was killed has left at work, before it begins that anew', async () => {
    await writeFile(at('npm-stands'), '');
    const child = start();
    const pids = await begun('npm');
    await untilNoted('.toolchain.lock');
    child.kill('SIGKILL');
    await ended(child);
    expect(pids.map(isAlive)).toEqual([true, true]);
    await rm(at('npm-stands'));
    await rm(at('npm-runs'));
    expect(await ended(start())).toBe(0);
    await until(() => !pids.some(isAlive));
    expect(await isThere('npm-runs')).toBe(true);
  });

  it('ends while it waits for another command', async () => {
    await writeFile(at('npm-stands'), '');
    const first = start();
    await begun('npm');
    const second = start();
    await until(
      () => said.includes('waiting for it'),
      () => said,
    );
    second.kill('SIGTERM');
    expect(await ended(second)).toBe(143);
    expect(said).toContain('stopped by SIGTERM while waiting for another command');
    first.kill('SIGTERM');
    await ended(first);
  });

  it('builds once at a time, says that it waits, and takes over from one that was killed at it', async () => {
    expect(await ended(start())).toBe(0);
    await rm(at('build-runs'));
    await writeFile(at('build-stands'), '');
    const first = start();
    const builders = await begun('build');
    await untilNoted('.build.lock');
    await rm(at('build-stands'));
    await rm(at('build-runs'));
    const second = start();
    await until(
      () => said.includes('another command is building; waiting for it'),
      () => said,
    );
    expect(await isThere('build-runs')).toBe(false);
    first.kill('SIGKILL');
    expect(await ended(second)).toBe(0);
    expect(await isThere('build-runs')).toBe(true);
    await until(() => !builders.some(isAlive));
  });

  it('takes packages for whole again only once they are', async () => {
    expect(await ended(start())).toBe(0);
    const stamp = at('node_modules', '.abland-lock');
    const installed = await readFile(stamp, 'utf8');
    await writeFile(at('package-lock.json'), '{ "other": true }');
    await writeFile(at('npm-stands'), '');
    await rm(at('npm-runs'));
    const child = start();
    await begun('npm');
    child.kill('SIGTERM');
    await ended(child);
    await rm(at('npm-stands'));
    await writeFile(at('package-lock.json'), '{}');
    await rm(at('npm-runs'));
    expect(await ended(start())).toBe(0);
    expect(await isThere('npm-runs')).toBe(true);
    expect(await readFile(stamp, 'utf8')).toBe(installed);
  });
});
