import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ServedLog } from './served-log.js';
import { MAIN, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);
const SOURCES = fileURLToPath(new URL('./go-verifier/', import.meta.url));
const hasGo = ((): boolean => {
  try {
    execFileSync('go', ['version']);
    return true;
  } catch {
    process.stdout.write('skipped: the log as others verify it: Go is not here\n');
    return false;
  }
})();

/** With golang.org/x/mod/sumdb, which Go checks its modules with. */
(hasGo ? describe : describe.skip)('the log as others verify it', () => {
  let system: SystemUnderTest;
  let folder: string;
  let verifier: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-go-'));
    verifier = join(folder, 'verify');
    await run('go', ['build', '-o', verifier, '.'], { cwd: SOURCES });
    system = await SystemUnderTest.create();
    await system.start();
    await run(process.execPath, [MAIN, 'demo'], { env: system.environment });
  });
  afterAll(async () => {
    await system.remove();
    await rm(folder, { recursive: true, force: true });
  });

  it('has a checkpoint, entries, inclusion and consistency proofs that hold', async () => {
    const { root, size } = await (await ServedLog.of(system.apiUrl)).checkpoint();
    const { stdout } = await run(verifier, [`${system.apiUrl}/log`]);
    const [, entries] = /: (\d+) entries, signed by 1 keys, root (\S+)\n$/.exec(stdout) ?? [];
    expect(Number(entries)).toBeGreaterThanOrEqual(size);
    if (Number(entries) === size) expect(stdout).toContain(Buffer.from(root).toString('base64'));
  });
});
