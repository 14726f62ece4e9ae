import { execFile, execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { formatVerifierKey, parseVerifierKey, trustCheckpoint, verifierKey } from '@abland/audit-verify';
import { eventually } from '@abland/testing';
import { RealWitness } from './real-witness.js';
import { ServedLog } from './served-log.js';
import { MAIN, SystemUnderTest } from './system-under-test.js';

const run = promisify(execFile);
const COSIGNED_WITHIN_MS = 120_000;
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

const noWitness = hasGo ? await whyNoWitness() : 'Go is not here';
if (noWitness !== null) process.stdout.write(`skipped: a real witness: ${noWitness}\n`);

/** For who decides which tests there are: nothing stays of it, for none of them may be run. Go keeps what it built. */
async function whyNoWitness(): Promise<string | null> {
  const tried = await mkdtemp(join(tmpdir(), 'abland-go-'));
  try {
    return await RealWitness.install(tried);
  } finally {
    await rm(tried, { recursive: true, force: true });
  }
}

/** With golang.org/x/mod/sumdb, which Go checks its modules with. */
(hasGo ? describe : describe.skip)('the log as others verify it', () => {
  let folder: string;
  let system: SystemUnderTest;
  let verifier: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-go-'));
    if (noWitness === null) await RealWitness.install(folder);
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
    // A checkpoint may come between.
    if (Number(entries) === size) expect(stdout).toContain(Buffer.from(root).toString('base64'));
  });

  (noWitness === null ? it : it.skip)(
    'is cosigned by a real witness, whose word `audit verify` wants',
    async () => {
      const log = await ServedLog.of(system.apiUrl);
      const { origin } = await log.checkpoint();
      const key = await log.verifierKey();
      const witness = await RealWitness.start(folder, { origin, key });
      try {
        await system.stop();
        const witnessKey = formatVerifierKey(witness.key);
        system.set({ LOG_WITNESSES: `${witnessKey} ${witness.url}` });
        await system.start();
        const trusted = { logKeys: [parseVerifierKey(key)], witnessKeys: [witness.key], witnessesMin: 1 };
        await eventually(async () => {
          const note = await (await fetch(`${system.apiUrl}/log/checkpoint`)).text();
          trustCheckpoint(note, trusted);
        }, COSIGNED_WITHIN_MS);
        await run(process.execPath, [MAIN, 'demo'], { env: system.environment });
        const { size } = await log.checkpoint();
        await eventually(async () => {
          const note = await (await fetch(`${system.apiUrl}/log/checkpoint`)).text();
          expect(trustCheckpoint(note, trusted).size).toBeGreaterThanOrEqual(size);
        }, COSIGNED_WITHIN_MS);
        const [entry = new Uint8Array()] = await log.entries(1);
        const file = join(folder, 'bundle.json');
        await writeFile(file, await log.bundle(entry));
        const verify = ['audit', 'verify', file, '--key', key, '--witness'];
        const verified = await run(process.execPath, [MAIN, ...verify, witnessKey], {
          env: system.environment,
        });
        expect(verified.stdout).toContain('example.com/litewitness');
        const stranger = formatVerifierKey(
          verifierKey('example.com/w', 'COSIGNATURE', witness.key.publicKey),
        );
        await expect(
          run(process.execPath, [MAIN, ...verify, stranger], { env: system.environment }),
        ).rejects.toMatchObject({ code: 11 });
      } finally {
        await witness.stop();
      }
    },
  );
});
