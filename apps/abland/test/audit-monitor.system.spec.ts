import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { LogSigner } from '@abland/audit';
import { decodeBundle, encodeBundle, formatVerifierKey, toUtf8, verifierKey } from '@abland/audit-verify';
import { JsonRpcProvider } from 'ethers';
import pg from 'pg';
import { type Lie, LyingProxy } from './lying-proxy.js';
import { ServedLog } from './served-log.js';
import { MAIN, SystemUnderTest } from './system-under-test.js';
import { untilIt } from './trader.js';

const run = promisify(execFile);
const SEED = Buffer.alloc(32, 5);

/** What the command told: its lines, of JSON each, and its exit code. */
interface Told {
  readonly code: number;
  readonly lines: readonly Readonly<Record<string, unknown>>[];
}

describe('a monitor of a running system’s log', () => {
  let system: SystemUnderTest;
  let proxy: LyingProxy;
  let log: ServedLog;
  let state: string;
  const monitor = async (...args: readonly string[]): Promise<Told> => {
    const flags = ['audit', 'monitor', '--state', state, '--json', '--url', proxy.logUrl, ...args];
    const { code, stdout } = await run(process.execPath, [MAIN, ...flags], { env: system.environment }).then(
      (ended) => ({ ...ended, code: 0 }),
      (error: unknown) => error as { readonly code: number; readonly stdout: string },
    );
    const lines = stdout.trim().split('\n');
    return { code, lines: lines.map((line) => JSON.parse(line) as Told['lines'][number]) };
  };
  const told = async (lie: Lie | null, ...args: readonly string[]): Promise<[number, unknown]> => {
    proxy.lie = lie;
    const { code, lines } = await monitor(...(args.length === 0 ? ['--once'] : args));
    return [code, lines.at(-1)?.['finding']];
  };

  beforeAll(async () => {
    system = await SystemUnderTest.create({ LOG_SIGNING_KEY: SEED.toString('base64') });
    await system.start();
    await untilIt('signs its log', async () => (await fetch(`${system.apiUrl}/log/checkpoint`)).ok);
    log = await ServedLog.of(system.apiUrl);
    proxy = await LyingProxy.before(system.apiUrl);
    state = join(system.dataDir, 'monitor', 'state.json');
  });
  afterAll(async () => {
    proxy.stop();
    await system.remove();
  });

  it('believes the key that is shown first, reads every entry, and goes on where it was', async () => {
    const { code, lines } = await monitor('--once');
    expect(code).toBe(0);
    expect(lines[0]).toMatchObject({ firstUse: [await log.verifierKey()] });
    const { entriesRead, size } = lines[1] as { readonly entriesRead: number; readonly size: number };
    expect([size > 0, entriesRead]).toEqual([true, size]);
    await mineBlock(system.rpcUrl);
    await untilIt('grows', async () => (await log.checkpoint()).size > size);
    const asked: string[] = [];
    const [again] = await told((path, body) => {
      asked.push(path);
      return body;
    });
    expect(again).toBe(0);
    expect(asked).not.toContain('verifier-key');
  });

  it('ends with a code for each lie, and is as before once it hears the truth', async () => {
    const { origin, size } = await log.checkpoint();
    const [kept, signer] = [await readFile(state, 'utf8'), new LogSigner(origin, [SEED])];
    const root = Buffer.alloc(32, 1);
    const onCheckpoint =
      (note: string): Lie =>
      (path, body) =>
        path === 'checkpoint' ? note : body;
    expect(await told(onCheckpoint(signer.checkpoint({ size: sizeIn(kept), root })))).toEqual([
      20,
      'SPLIT_VIEW',
    ]);
    expect(await told(onCheckpoint(signer.checkpoint({ size: 1, root })))).toEqual([21, 'SHRUNK']);
    const stranger = new LogSigner(origin, [Buffer.alloc(32, 6)]).checkpoint({ size, root });
    expect(await told(onCheckpoint(stranger))).toEqual([23, 'WRONG_KEY']);
    const cut: Lie = (path, body) => (path.startsWith('tile/0/') ? body.subarray(1) : body);
    const fresh = ['--once', '--state', `${state}.fresh`];
    expect(await told(cut, ...fresh)).toEqual([25, 'WRONG_ANSWER']);
    const hanging: Lie = (path, body) => (path === 'checkpoint' ? 'HANG' : body);
    expect(await told(hanging, '--once', '--timeout', '1')).toEqual([26, 'UNREACHABLE']);
    expect(await readFile(state, 'utf8')).toBe(kept);
    expect(await told(null)).toEqual([0, undefined]);
  });

  it('tells an entry that is another than the one that was hashed', async () => {
    const rewriting: Lie = (path, body) => {
      if (!path.startsWith('tile/entries/000')) return body;
      const [first = new Uint8Array(), ...rest] = decodeBundle(body);
      const text = Buffer.from(first).toString('utf8');
      return Buffer.from(encodeBundle([toUtf8(text.replace(/.(?=[^"]*"[^"]*$)/, 'x')), ...rest]));
    };
    const fresh = ['--once', '--state', `${state}.fresh`];
    expect(await told(rewriting, ...fresh)).toEqual([22, 'REWRITTEN']);
  });

  it('tells a log that stands still for too long, and one that shows others another tree', async () => {
    const frozen = await (await fetch(`${system.apiUrl}/log/checkpoint`)).text();
    const still: Lie = (path, body) => (path === 'checkpoint' ? frozen : body);
    const fresh = ['--state', `${state}.still`, '--every', '1', '--max-age', '2'];
    expect(await told(still, ...fresh)).toEqual([24, 'STALE']);
    const { origin, size } = await log.checkpoint();
    const other = await LyingProxy.before(system.apiUrl);
    try {
      const split = new LogSigner(origin, [SEED]).checkpoint({ size, root: Buffer.alloc(32, 2) });
      other.lie = () => split;
      expect(await told(null, '--once', '--checkpoint', other.logUrl)).toEqual([20, 'SPLIT_VIEW']);
    } finally {
      other.stop();
    }
  });

  it('goes on where there is no space for what it keeps, by what it saw, and keeps it once there is', async () => {
    proxy.lie = null;
    const full = `${state}.full`;
    await symlink('/dev/full', `${full}.new`);
    const flags = ['audit', 'monitor', '--state', full, '--json', '--every', '1', '--url', proxy.logUrl];
    const child = spawn(process.execPath, [MAIN, ...flags], { env: system.environment });
    const ended = once(child, 'exit');
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    try {
      await untilIt('has seen the log twice', async () => said.split('"size"').length > 2);
      expect(said).toMatch(/"unkept":"[^"]*ENOSPC"/);
      await rm(`${full}.new`);
      const isKept = () =>
        readFile(full, 'utf8').then(
          (kept) => sizeIn(kept) > 0,
          () => false,
        );
      await untilIt('keeps what it saw', isKept);
      const { origin } = await log.checkpoint();
      const shrunk = new LogSigner(origin, [SEED]).checkpoint({ size: 1, root: Buffer.alloc(32, 1) });
      proxy.lie = (path, body) => (path === 'checkpoint' ? shrunk : body);
      expect(await ended).toEqual([21, null]);
    } finally {
      child.kill('SIGKILL');
    }
  });

  it('takes no key but the one that it is given, and one log to a file', async () => {
    const { origin } = await log.checkpoint();
    const key = (name: string): string =>
      formatVerifierKey(verifierKey(name, 'ED25519', Buffer.alloc(32, 9)));
    expect(await told(null, '--once', '--key', key(origin))).toEqual([23, 'WRONG_KEY']);
    proxy.lie = null;
    const refused = run(
      process.execPath,
      [MAIN, 'audit', 'monitor', '--state', state, '--url', proxy.logUrl, '--key', key('example.com/other')],
      { env: system.environment },
    );
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('MONITOR_STATE_WRONG'),
    });
  });

  it('tells a log whose database was changed behind its back', async () => {
    const { databaseUrl } = JSON.parse(await readFile(join(system.dataDir, 'running.json'), 'utf8')) as {
      databaseUrl: string;
    };
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query(
      `UPDATE event_store.events SET recorded_at = recorded_at + interval '1 hour' WHERE position = 2`,
    );
    await client.end();
    expect(await told(null, '--once', '--state', `${state}.changed`)).toEqual([22, 'REWRITTEN']);
  });
});

async function mineBlock(rpcUrl: string): Promise<void> {
  const provider = new JsonRpcProvider(rpcUrl);
  await provider.send('evm_mine', []);
  provider.destroy();
}

/** The size of the newest tree in a state file. */
function sizeIn(text: string): number {
  const { places } = JSON.parse(text) as { readonly places: readonly { readonly proven: string }[] };
  return Number(places[0]?.proven.split('\n')[1]);
}
