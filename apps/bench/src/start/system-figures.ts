import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { treeMemory } from './process-tree.js';

const RUN = fileURLToPath(new URL('../../../abland/bootstrap/run.mjs', import.meta.url));
const PORT = 4100;
const CHAIN_PORT = 8645;
const READY_WITHIN_MS = 120_000;
const IDLE_MS = 15_000;

export interface StartFigures {
  readonly firstStartSeconds: number;
  readonly laterStartSeconds: readonly number[];
  readonly idlePssMiB: number;
  readonly idleRssMiB: number;
  readonly processes: readonly string[];
  readonly demoSeconds: number;
  readonly swapLatenciesMs: readonly number[];
}

/** The whole system as its users run it: through the command's door, on a data folder of its own. */
export async function measureStart(
  starts: number,
  swaps: number,
  say: (text: string) => void,
): Promise<StartFigures> {
  const dataDir = await mkdtemp(join(tmpdir(), 'abland-bench-'));
  const env = {
    ...process.env,
    PORT: String(PORT),
    CHAIN_PORT: String(CHAIN_PORT),
    ABLAND_DATA_DIR: dataDir,
  };
  try {
    say('first start');
    const first = await startSystem(env);
    await stopSystem(first.child);
    const laterStartSeconds: number[] = [];
    for (let index = 0; index < starts; index += 1) {
      say(`later start ${index + 1} of ${starts}`);
      const later = await startSystem(env);
      laterStartSeconds.push(later.seconds);
      if (index < starts - 1) await stopSystem(later.child);
      else
        return {
          firstStartSeconds: first.seconds,
          laterStartSeconds,
          ...(await measureRunning(later.child, env, swaps, say)),
        };
    }
    throw new Error('at least one later start is needed');
  } finally {
    const cluster = await realpath(join(dataDir, 'database', 'postgres')).catch(() => null);
    if (cluster !== null) await rm(cluster, { recursive: true, force: true });
    await rm(dataDir, { recursive: true, force: true });
  }
}

async function measureRunning(
  child: ChildProcess,
  env: NodeJS.ProcessEnv,
  swaps: number,
  say: (text: string) => void,
): Promise<Omit<StartFigures, 'firstStartSeconds' | 'laterStartSeconds'>> {
  try {
    say(`idle for ${IDLE_MS / 1000} s`);
    await new Promise((resolve) => setTimeout(resolve, IDLE_MS));
    const memory = await treeMemory(child.pid ?? 0);
    say(`demo, and ${swaps} timed swaps`);
    const demoSeconds = (await demo(env, [])).seconds;
    const { swapLatenciesMs } = await demo(env, ['--no-final', '--swaps', String(swaps)]);
    return {
      idlePssMiB: memory.reduce((sum, { pssMiB }) => sum + pssMiB, 0),
      idleRssMiB: memory.reduce((sum, { rssMiB }) => sum + rssMiB, 0),
      processes: memory.map(({ name, pssMiB }) => `${pssMiB.toFixed(0)} MiB ${name.slice(0, 80)}`),
      demoSeconds,
      swapLatenciesMs,
    };
  } finally {
    await stopSystem(child);
  }
}

async function startSystem(env: NodeJS.ProcessEnv): Promise<{ child: ChildProcess; seconds: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, [RUN, 'start'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
  while (performance.now() - started < READY_WITHIN_MS && child.exitCode === null) {
    const ready = await fetch(`http://localhost:${PORT}/ready`).then(
      (response) => response.ok,
      () => false, // nothing listens yet
    );
    if (ready) return { child, seconds: (performance.now() - started) / 1000 };
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  child.kill('SIGTERM');
  throw new Error('the system did not become ready');
}

async function stopSystem(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  child.kill('SIGTERM');
  await exited;
}

async function demo(
  env: NodeJS.ProcessEnv,
  flags: readonly string[],
): Promise<{ seconds: number; swapLatenciesMs: readonly number[] }> {
  const child = spawn(process.execPath, [RUN, 'demo', '--json', ...flags], {
    env,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`the demo failed with exit code ${code}`);
  return JSON.parse(output) as { seconds: number; swapLatenciesMs: readonly number[] };
}
