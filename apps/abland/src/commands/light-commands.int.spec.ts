import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
/** Tells of each module of the server's framework that is loaded. */
const TELLING = `import { registerHooks } from 'node:module';
registerHooks({ load(url, context, next) {
  if (url.includes('/node_modules/@nestjs/')) process.stderr.write(url + '\\n');
  return next(url, context);
} });`;

describe('the operator’s commands', () => {
  it('are there without loading the server, which takes longer than most of them', async () => {
    const hook = `data:text/javascript,${encodeURIComponent(TELLING)}`;
    const env = { ...process.env, NODE_OPTIONS: '' };
    const { stderr } = await promisify(execFile)(process.execPath, ['--import', hook, MAIN, '--help'], {
      env,
    });
    expect(stderr).toBe('');
  });
});
