import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HDNodeWallet, Wallet } from 'ethers';
import pg from 'pg';
import type { TrustedCheckpoint } from '@abland/audit-verify';
import { type ApiClient, createApiClient, type SessionTokens } from '../src/demo/api-client.js';
import * as documents from '../src/demo/documents.js';
import { isFinal } from '../src/demo/follow-command.js';
import { marketState } from './market-state.js';
import { ServedLog } from './served-log.js';
import { expectAsRebuilt, expectRebuiltAlike, untilQuiet } from './as-rebuilt.js';
import { checksumsOf, MAIN, SystemUnderTest } from './system-under-test.js';
import { Trader, untilIt } from './trader.js';
import { WatchedApi } from './watched-api.js';

const run = promisify(execFile);

describe('the one command', () => {
  const operator = Wallet.createRandom();
  let system: SystemUnderTest;
  let log: ServedLog;
  let first: TrustedCheckpoint;
  beforeAll(async () => {
    system = await SystemUnderTest.create({ OPERATOR_ADDRESSES: operator.address });
    await system.start();
    await untilIt('signs its log', async () => (await fetch(`${system.apiUrl}/log/checkpoint`)).ok);
    log = await ServedLog.of(system.apiUrl);
    first = await log.checkpoint();
  });
  afterAll(() => system.remove());

  const abland = async (...args: readonly string[]): Promise<string> =>
    (await run(process.execPath, [MAIN, ...args], { env: system.environment })).stdout;

  it('carries the demo to finality, with the reserves of the contract', async () => {
    const output = await abland('demo', '--run', 'once');
    expect(output).toMatch(/AUR is DEPLOYED/);
    expect(output).toMatch(/BOR is DEPLOYED/);
    expect(output).toMatch(/swap FINALIZED, FINAL/);
    expect(output).toMatch(/ {2}equal\n/);
  });

  it('has only added to the log that it signed, and proves what it added', async () => {
    await untilIt('signs more than at first', async () => (await log.checkpoint()).size > first.size);
    const newest = await log.checkpoint();
    await log.proveConsistency(first, newest);
    const entries = await log.entries(newest.size);
    for (const entry of entries.filter((_, at) => at % 5 === 0))
      expect((await log.prove(entry)).size).toBeGreaterThanOrEqual(newest.size);
  });

  it('gives out proofs that the operator’s tool checks without it', async () => {
    const [entry = new Uint8Array()] = await log.entries(1);
    const file = join(system.dataDir, 'bundle.json');
    await writeFile(file, await log.bundle(entry));
    const key = await log.verifierKey();
    expect(await abland('audit', 'verify', file, '--key', key)).toMatch(/\n1 events are proved\n$/);
    await writeFile(file, (await readFile(file, 'utf8')).replace('"revision\\":\\"0', '"revision\\":\\"1'));
    await expect(abland('audit', 'verify', file, '--key', key)).rejects.toMatchObject({ code: 13 });
  });

  it('does nothing more when the same demo is asked for again', async () => {
    const before = await marketState(system);
    await abland('demo', '--run', 'once', '--no-final');
    expect(await marketState(system)).toEqual(before);
  });

  it('has no more connections to PostgreSQL than it says', async () => {
    const { databaseUrl } = JSON.parse(await readFile(join(system.dataDir, 'running.json'), 'utf8')) as {
      databaseUrl: string;
    };
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    let answered = false;
    // A busy machine may refuse some of so many: they still want connections.
    const asked = Promise.allSettled(Array.from({ length: 40 }, () => marketState(system))).then(
      () => (answered = true),
    );
    const counts: number[] = [];
    // A server's process is there for a moment after its connection has ended: who is seen twice in a row has one.
    for (let before: readonly number[] = []; !answered;) {
      const { rows } = await client.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'abland-%'`,
      );
      const pids = rows.map(({ pid }) => pid);
      counts.push(pids.filter((pid) => before.includes(pid)).length);
      before = pids;
    }
    await asked;
    await client.end();
    expect(Math.max(...counts)).toBeGreaterThan(4);
    expect(Math.max(...counts)).toBeLessThanOrEqual(20);
  });

  it('builds the read models anew beside the live ones, with equal checksums', async () => {
    expect(await expectAsRebuilt(system, abland)).toMatch(/ {2}tokens \(2 rows\)/);
  });

  it('replays the log up to a position into a schema of its own, which must not be there yet', async () => {
    const replay = (): Promise<string> => abland('replay', '--until', '40', '--into', 'at_forty');
    expect(await replay()).toMatch(/as they were at position 40 are in schema at_forty/);
    await expect(replay()).rejects.toMatchObject({ code: 1, stderr: expect.stringMatching(/SCHEMA_TAKEN/) });
  });

  it('brings deleted read models back, with chain and API untouched', async () => {
    await untilQuiet(system);
    const [before, market] = [
      checksumsOf(await abland('projections', 'checksum')),
      await marketState(system),
    ];
    const { databaseUrl } = JSON.parse(await readFile(join(system.dataDir, 'running.json'), 'utf8')) as {
      databaseUrl: string;
    };
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    // Whoever reads just then gives way.
    await client.query(`SET deadlock_timeout = '1h'; DROP SCHEMA read_model CASCADE`);
    await client.end();
    expect(checksumsOf(await abland('projections', 'rebuild'))).toBe(before);
    await expect(system.untilReady()).resolves.toBeUndefined();
    expect(await marketState(system)).toEqual(market);
  });

  it('stops on Ctrl-C, leaves nothing behind, and has the same answers when started again', async () => {
    const before = await marketState(system);
    expect(await system.stop()).toBe(0);
    expect(await commandLinesWith(system.dataDir)).toEqual([]);
    expect(await readdir(system.dataDir)).toEqual(expect.not.arrayContaining(['lock', 'running.json']));
    system.set({ CHAIN_FINALITY_DEPTH: String(FINALITY_DEPTH) });
    await system.start();
    expect(await marketState(system)).toEqual(before);
  });

  describe('on a chain that takes blocks back', () => {
    let trader: Trader;
    beforeAll(async () => {
      trader = await Trader.open(system, 'once');
    });
    afterAll(() => trader.close());

    const snapshot = async (): Promise<string> => (await trader.provider.send('evm_snapshot', [])) as string;
    const takeBackTo = async (kept: string): Promise<void> => {
      expect(await trader.provider.send('evm_revert', [kept])).toBe(true);
    };
    const asRebuilt = (): Promise<string> => expectAsRebuilt(system, abland);
    /** As the operator's tool tells it, once that has heard of it. */
    const ended = (operationId: string, as: RegExp): Promise<void> =>
      untilIt(`ends operation ${operationId}`, async () =>
        as.test(await abland('operations', 'show', operationId).catch(() => '')),
      );
    const chain = async (): Promise<ChainView> =>
      (await trader.api.query<{ chains: ChainView[] }>(CHAINS)).chains[0] as ChainView;

    it('follows a reorg of five blocks while swaps go on, with the finality of each row', async () => {
      const kept = await snapshot();
      const gone = await trader.swap(5);
      await trader.command(gone[4]?.commandId ?? '');
      await takeBackTo(kept);
      const swapped = await trader.swap(7);
      for (const { commandId, txHash } of swapped)
        expect(await trader.command(commandId)).toMatchObject({ txHash });
      for (const { commandId } of gone) {
        const { finality } = await trader.command(commandId, ({ status }) => status === 'SUBMITTED');
        expect(finality).toBeNull();
      }
      await trader.untilAtHead();
      const rows = new Map((await trader.swaps()).map(({ finality, txHash }) => [txHash, finality]));
      expect(gone.filter(({ txHash }) => rows.has(txHash))).toEqual([]);
      for (const { txHash } of swapped) {
        const { confirmations = 0, status } = rows.get(txHash) ?? {};
        expect(confirmations).toBeGreaterThan(0);
        if (confirmations <= FINALITY_DEPTH) expect(status).toBe('CONFIRMED');
      }
      await trader.mine(FINALITY_DEPTH);
      for (const { commandId } of swapped) await trader.command(commandId, isFinal);
      await trader.untilAtHead();
      const left = await trader.swaps();
      const of = (hashes: readonly { readonly txHash: string }[]) =>
        left.filter(({ txHash }) => hashes.some((one) => one.txHash === txHash));
      expect(of(swapped).map(({ finality }) => finality.status)).toEqual(swapped.map(() => 'FINAL'));
      await asRebuilt();
    });

    it('stands before a deeper one, comes up the same way, and goes on by an operator’s word', async () => {
      const client = createApiClient(system.apiUrl);
      await openSession(operator, client);
      const kept = await snapshot();
      const gone = await trader.swap(2);
      await trader.mine(FINALITY_DEPTH + 1);
      for (const { commandId } of gone) await trader.command(commandId, isFinal);
      const watched = new WatchedApi(system);
      await takeBackTo(kept);
      const [instead] = await trader.swap(1);
      await trader.mine(FINALITY_DEPTH + 4);
      await untilIt('tells an alarm', async () => (await chain()).alarm !== null);
      const { alarm, finalizedBlock } = await chain();
      const theirs = await trader.provider.getBlock(alarm?.providerBlock ?? 0);
      expect(alarm).toMatchObject({
        reason: 'REORG_TOO_DEEP',
        provider: expect.stringContaining('127.0.0.1'),
      });
      expect(alarm).toMatchObject({ providerBlock: finalizedBlock, providerHash: theirs?.hash });

      // What needs nothing of the chain goes on.
      await client.query(
        'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { commandId } }',
        {
          input: { idempotencyKey: 'operator', displayName: 'Ada' },
        },
      );
      const decide = (decision: 'WAIT' | 'ACCEPT', alarmId: string) => ({
        input: {
          idempotencyKey: `${decision}-${alarmId}`,
          alarmId,
          decision,
          reason: 'The network went back',
        },
      });
      await expect(client.query(DECIDE, decide('ACCEPT', gone[0]?.commandId ?? ''))).rejects.toMatchObject({
        code: 'REORG_ALARM_OVER',
      });
      const { decideReorg } = await client.query<{ decideReorg: { operationId: string } }>(
        DECIDE,
        decide('WAIT', alarm?.id ?? ''),
      );
      await ended(decideReorg.operationId, /COMPLETED/);
      expect((await watched.stop()).failures).toEqual([]);
      expect(watched.answers).toBeGreaterThan(0);

      expect(await system.stop()).toBe(0);
      await system.start('SERVING');
      const failure = (): Promise<string | null> =>
        chain().then(
          (one) => one.failure,
          () => null,
        );
      await untilIt('tells the same trouble', async () => (await failure()) === 'REORG_TOO_DEEP');
      expect((await chain()).alarm).toEqual(alarm);
      // While nobody has decided, read models are built anew from the log as it is.
      await expectRebuiltAlike(abland);
      expect((await chain()).alarm).toEqual(alarm);

      const said = await abland(
        ...['chain', 'decide-reorg', '31337', '--accept', '--alarm', alarm?.id ?? ''],
        ...['--reason', 'The network went back'],
      );
      const operationId = /operation (\S+)/.exec(said)?.[1] ?? '';
      await ended(operationId, /COMPLETED[^]*blocksTakenBack/);
      await trader.untilAtHead();
      await untilIt('ends the alarm', async () => (await chain()).alarm === null);
      await system.untilReady();
      const hashes = (await trader.swaps()).map(({ txHash }) => txHash);
      expect(hashes).toContain(instead?.txHash);
      expect(gone.filter(({ txHash }) => hashes.includes(txHash))).toEqual([]);
      await asRebuilt();
    });
  });
});

const FINALITY_DEPTH = 12;
const DECIDE = 'mutation ($input: DecideReorgInput!) { decideReorg(input: $input) { operationId } }';
const CHAINS =
  '{ chains { failure finalizedBlock alarm { id reason provider providerBlock providerHash } } }';

interface ChainView {
  readonly failure: string | null;
  readonly finalizedBlock: number;
  readonly alarm: {
    readonly id: string;
    readonly reason: string;
    readonly provider: string;
    readonly providerBlock: number;
    readonly providerHash: string;
  } | null;
}

async function openSession(wallet: HDNodeWallet, api: ApiClient): Promise<void> {
  const { requestSignIn } = await api.query<{ requestSignIn: { message: string } }>(
    documents.REQUEST_SIGN_IN,
    { address: wallet.address },
  );
  const { message } = requestSignIn;
  const signature = await wallet.signMessage(message);
  const { signIn } = await api.query<{ signIn: SessionTokens }>(documents.SIGN_IN, {
    message,
    signature,
  });
  api.authorize(signIn);
}

/** Of every process that still knows the data folder. */
async function commandLinesWith(text: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc')).filter((entry) => /^\d+$/.test(entry));
  const lines = await Promise.all(
    pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')),
  );
  return lines.filter((line) => line.includes(text));
}
