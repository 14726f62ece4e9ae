import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';

const PLATFORM = new URL('../dist/index.js', import.meta.url).href;

/** Runs a program whose start is the given body, told of its stop; returns how it ended, and what it said. */
async function run(
  body: string,
  act: (child: ChildProcess) => void = () => undefined,
  stopWithinMs = 1000,
): Promise<{ code: number | null; said: string; ms: number }> {
  const source = `import { runProgram, whyStopped } from ${JSON.stringify(PLATFORM)};
    const never = new Promise(() => undefined);
    const stop = async () => void process.stderr.write('stopped in order\\n');
    const running = { name: 'test', ended: never, stop };
    setInterval(() => undefined, 1000);
    await runProgram(async (signal) => { ${body} }, ${stopWithinMs});`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', source], {
    env: { ...process.env, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const begun = performance.now();
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  child.stdout.once('data', () => act(child));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, said, ms: performance.now() - begun };
}
const UP = "setTimeout(() => process.stdout.write('up\\n'), 200);";

describe('a program', () => {
  it.each([
    [
      'an error that nobody caught',
      'setTimeout(() => { throw new Error("https://eth.example/v3/SECRETKEY is away"); }, 50);',
    ],
    [
      'a rejection that nobody caught',
      'setTimeout(() => void Promise.reject(new Error("https://eth.example/v3/SECRETKEY is away")), 50);',
    ],
  ])('is stopped in order after %s, told with its stack and without secrets', async (_, body) => {
    const { code, said } = await run(`${body} return running;`);
    expect(code).toBe(1);
    expect(said).toMatch(/^abland: https:\/\/eth\.example\/… is away\nError: .*\n +at /);
    expect(said).toContain('stopped in order');
    expect(said).not.toContain('SECRETKEY');
  });

  it('is over soon after SIGTERM, whatever does not stop, and calls that no failure', async () => {
    const hangs = `${UP} return { ...running, stop: () => never };`;
    const { code, said, ms } = await run(hangs, (child) => child.kill('SIGTERM'));
    expect(code).toBe(0);
    expect(said).toContain('did not stop within 1 s');
    expect(ms).toBeLessThan(30_000);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'is stopped in order by %s, and knows why',
    async (signal) => {
      const tells = `${UP} return { ...running, stop: async () => process.stderr.write(whyStopped(signal)) };`;
      const { code, said } = await run(tells, (child) => child.kill(signal));
      expect([code, said]).toEqual([0, signal]);
    },
  );

  it('says so where it is stopped before it has started', async () => {
    const starts = `${UP} await new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });`;
    const { code, said } = await run(starts, (child) => child.kill('SIGTERM'));
    expect([code, said]).toEqual([0, 'abland: stopped by SIGTERM before it had started\n']);
  });

  it('says that a second signal ends it at once', async () => {
    const hangs = `${UP} return { ...running, stop: () => never };`;
    const again = (child: ChildProcess): void => {
      const asking = setInterval(() => child.kill('SIGTERM'), 300);
      child.once('exit', () => clearInterval(asking));
    };
    const { code, said } = await run(hangs, again, 60_000);
    expect([code, said]).toEqual([
      130,
      'abland: ended at once by another SIGTERM, what was in hand is left\n',
    ]);
  });

  it('says so where it ended by itself, and calls that a failure', async () => {
    const { code, said } = await run('return { ...running, ended: Promise.resolve() };');
    expect([code, said]).toEqual([1, 'abland: test ended, and nobody had asked it to\nstopped in order\n']);
  });

  it('goes on when nobody reads what it says any more', async () => {
    const talks = `${UP} setInterval(() => process.stdout.write('more\\n'), 20); return running;`;
    const { code, said } = await run(talks, (child) => {
      child.stdout?.destroy();
      setTimeout(() => child.kill('SIGTERM'), 500);
    });
    expect([code, said]).toEqual([0, 'stopped in order\n']);
  });

  it('tells in one line and without secrets why it does not start', async () => {
    const { code, said } = await run('throw new Error("postgres://me:SECRETKEY@db/x is away");');
    expect(code).toBe(1);
    expect(said).toBe('abland: postgres://db/… is away\n');
  });
});
