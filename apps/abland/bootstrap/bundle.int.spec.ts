import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const bundled = (file: string): string =>
  readFileSync(new URL(`../../../dist/${file}`, import.meta.url), 'utf8');

const fileOf = (file: string): string => fileURLToPath(new URL(`../../../dist/${file}`, import.meta.url));

/** Makes a process ask itself to stop as soon as its program begins to be loaded, once. */
const stoppedWhileLoading = (program: string): string => {
  const source = `import { registerHooks } from 'node:module';
    let isAsked = false;
    registerHooks({ load(url, context, next) {
      if (!isAsked && url.includes('/run-${program}')) process.kill(process.pid, 'SIGTERM');
      isAsked ||= url.includes('/run-${program}');
      return next(url, context);
    } });`;
  return `data:text/javascript,${encodeURIComponent(source)}`;
};

/** Tells at the end of a process which of Node's own modules it has loaded. */
const TELLS_LOADED = `data:text/javascript,${encodeURIComponent(
  `process.on('exit', () => process.stderr.write(process.moduleLoadList.join('\\n')));`,
)}`;

describe('a program’s bundle', () => {
  it('tells of each of its lines where it stands in our sources, for stack traces', () => {
    const files = readdirSync(new URL('../../../dist/', import.meta.url));
    const file = files.find((name) => /^run-abland-\w+\.js$/.test(name)) ?? '';
    const lines = bundled(file).split('\n');
    const line = lines.findIndex((text) => /^ +addStartCommand\(program\d*, process\.env\)/.test(text));
    const map = new SourceMap(JSON.parse(bundled(`${file}.map`)) as SourceMapPayload);
    expect(map.findEntry(line, 2)).toMatchObject({
      originalSource: expect.stringMatching(/apps\/abland\/src\/run-abland\.ts$/),
    });
  });

  it.each(['indexer', 'projector', 'worker'])(
    'of the %s is loaded without the client of fetch, which would be a twelfth of its start',
    async (name) => {
      const [code, , said] = await run(TELLS_LOADED, name, '--help');
      const loaded = String(said).split('\n');
      expect([code, loaded.some((one) => one.endsWith(' http'))]).toEqual([0, true]);
      expect(loaded.filter((one) => one.includes('undici'))).toEqual([]);
    },
  );

  /** Run with what is to be loaded before it; how it ended, and what it said. */
  async function run(hook: string, name: string, ...args: readonly string[]): Promise<readonly unknown[]> {
    const child = spawn(process.execPath, ['--import', hook, fileOf(`${name}.js`), ...args], {
      env: { PATH: process.env['PATH'] },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    return [...(await once(child, 'close')), said];
  }

  /** Asked to stop while it is loaded. */
  const stopped = (name: string, ...args: readonly string[]): Promise<readonly unknown[]> =>
    run(stoppedWhileLoading(name), name, ...args);

  it.each([['api'], ['indexer'], ['projector'], ['worker'], ['abland', 'start']])(
    'of the %s says that it is stopped by a signal while it is loaded',
    async (name, ...args) => {
      expect(await stopped(name, ...args)).toEqual([
        ...[0, null, 'abland: stopped by SIGTERM before it had started\n'],
      ]);
    },
  );

  it('of an operator’s command is ended by a signal as any program is', async () => {
    expect(await stopped('abland', 'chain', 'list')).toEqual([null, 'SIGTERM', '']);
  });
});
