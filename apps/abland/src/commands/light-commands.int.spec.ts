import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../../../dist/abland.js', import.meta.url));
/** Tells of each file that is loaded, and whether the server's framework is in it. */
const TELLING = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) {
  const loaded = next(url, context);
  const isFramework = /^\\/\\/ node_modules\\/@nestjs\\//m.test(String(loaded.source));
  process.stderr.write((isFramework ? 'framework ' : 'file ') + url + '\\n');
  return loaded;
} });`;

describe('the operator’s commands', () => {
  it('are there without loading the server, which takes longer than most of them, from a few files', async () => {
    const hook = `data:text/javascript,${encodeURIComponent(TELLING)}`;
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stderr } = await promisify(execFile)(process.execPath, ['--import', hook, MAIN, '--help'], {
      env,
    });
    const loaded = stderr
      .trim()
      .split('\n')
      .filter((line) => line.includes('file:'));
    expect(loaded.filter((line) => line.startsWith('framework'))).toEqual([]);
    expect(loaded.length).toBeLessThan(200);
  });

  it('refuse a type of events that there is none of, by its name, before anything is looked for', async () => {
    const asked = promisify(execFile)(process.execPath, [MAIN, 'events', 'tail', '--type', 'Swap', 'Nope'], {
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    await expect(asked).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('There is no event type Nope'),
    });
  });
});
