import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, it } from '@jest/globals';

const run = promisify(execFile);
const asked = (option: string) =>
  run(process.execPath, [fileURLToPath(new URL('test.mjs', import.meta.url)), option]);

describe('npm test', () => {
  it('says what it takes where it is asked for help, and tests nothing', async () => {
    const { stdout, stderr } = await asked('--help');
    expect(stdout).toMatch(/^npm test +every check/);
    expect(stderr).toBe('');
  });

  it('refuses an option that there is not, and tests nothing', async () => {
    await expect(asked('--deeep')).rejects.toMatchObject({
      ...{ code: 2, stdout: '' },
      stderr: expect.stringMatching(/^no such option: --deeep\nnpm test /),
    });
  });
});
