import { cp, mkdtemp, readdir, readFile, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { trustCheckpoint } from '@abland/audit-verify';
import { requestStream, userStream } from '@abland/domain';
import { MemoryEventStore } from '@abland/event-store';
import type { NewEvent, RecordedEvent } from '@abland/kernel';
import { MANAGER, type MarketState } from '@abland/testing/market';
import { SeededRandom } from '@abland/testing/seeded-random';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHAIN_ID, SimulatedChain } from '../../../projections/src/testing/simulated-chain.js';
import { LogSigner } from '../signing/log-signer.js';
import { formatManifest, nameOf, type ReportManifest } from './manifest.js';
import type { ReportQuery } from './folding/query.js';
import { csvOf } from './tables.js';
import { compareWithLog, type ReportFault, verifyFolder } from './verify-report.js';
import { type WrittenReport, writeReport } from './write-report.js';
import {
  reading,
  type Rows,
  rowsOf,
  SIGNER,
  TRUST,
  trustOf,
  writtenReport,
} from './written-report.fixture.js';

const OTHER = new LogSigner('example.com/log', [new Uint8Array(32).fill(2)]);
/** Of a market in which much is swapped. */
const SEED = 30;
const GENESIS = 1_700_000_000;
const instant = (seconds: number): string => new Date(seconds * 1_000).toISOString().replace('.000Z', 'Z');
const WHOLE = { from: null, until: null };
const MARKET: ReportQuery = { kind: 'MARKET', chainId: CHAIN_ID, poolId: null, ...WHOLE };

/** A log of a chain that was reorganized again and again, and what the chain is at its end. */
async function marketLog(
  blocks: number,
  reorgs: boolean,
): Promise<{ events: readonly RecordedEvent[]; chain: SimulatedChain }> {
  const chain = new SimulatedChain(new SeededRandom(SEED));
  const store = new MemoryEventStore();
  for (let block = 0; block < blocks; block += 1) {
    const told: NewEvent[] = [...chain.mine()];
    if (reorgs && block % 7 === 3) told.push(...chain.revert(1 + (block % 3)));
    if (block % 10 === 9) told.push(...chain.finalize(5));
    await store.append(chain.stream, told, 'any');
  }
  return { events: await all(store), chain };
}

async function all(store: MemoryEventStore): Promise<readonly RecordedEvent[]> {
  const events: RecordedEvent[] = [];
  for await (const page of store.readAll()) events.push(...page);
  return events;
}

/** The same without the facts of blocks that were taken back, and without a word of that. */
function withoutReverted(events: readonly RecordedEvent[], chain: SimulatedChain): readonly RecordedEvent[] {
  const left = new Set(chain.blocks.map(({ hash }) => hash));
  return events.filter(
    ({ metadata, type }) =>
      type !== 'BlocksReverted' && (metadata.chain === undefined || left.has(metadata.chain.blockHash)),
  );
}

describe('reports', () => {
  let into: string;
  let log: Awaited<ReturnType<typeof marketLog>>;
  let state: MarketState;
  beforeAll(async () => {
    into = await mkdtemp(join(tmpdir(), 'reports-'));
    log = await marketLog(400, true);
    state = log.chain.state;
  });
  afterAll(() => rm(into, { recursive: true, force: true }));

  const write = (query: ReportQuery, events = log.events, folder = into): Promise<WrittenReport> =>
    writtenReport(query, events, folder);
  const sum = (rows: Rows, column: string): string =>
    rows.reduce((total, row) => total + BigInt(row[column] ?? 0), 0n).toString();

  it('of a market reconcile each pool’s reserves with the sum of its swaps and changes of liquidity', async () => {
    const report = await write(MARKET);
    const [pools, swaps] = [await rowsOf(report, 'pools'), await rowsOf(report, 'swaps')];
    expect(pools.length).toBe(state.pools.size);
    expect(swaps.length).toBeGreaterThan(20);
    for (const pool of pools) {
      const { poolId = '', tokenA, tokenB } = pool;
      expect([pool['unexplainedA'], pool['unexplainedB']]).toEqual(['0', '0']);
      const { reserveA, reserveB } = state.pools.get(poolId) ?? {};
      expect([pool['closingA'], pool['closingB']]).toEqual([`${reserveA}`, `${reserveB}`]);
      const own = swaps.filter((swap) => swap['poolId'] === poolId);
      const of = (token: string | undefined): Rows => own.filter(({ tokenIn }) => tokenIn === token);
      expect(pool['swaps']).toBe(`${own.length}`);
      expect([pool['swappedInA'], pool['swappedInB']]).toEqual([
        sum(of(tokenA), 'amountIn'),
        sum(of(tokenB), 'amountIn'),
      ]);
      expect([pool['swappedOutA'], pool['swappedOutB']]).toEqual([
        sum(of(tokenB), 'amountOut'),
        sum(of(tokenA), 'amountOut'),
      ]);
      expect([pool['feesA'], pool['feesB']]).toEqual([sum(of(tokenA), 'fee'), sum(of(tokenB), 'fee')]);
    }
  });

  it('tell what no event explains', async () => {
    const events = withoutReverted(log.events, log.chain);
    const lost = events.findLastIndex(({ type }) => type === 'Swap');
    const pools = await rowsOf(await write(MARKET, events.toSpliced(lost, 1)), 'pools');
    expect(pools.filter((pool) => pool['unexplainedA'] !== '0')).toHaveLength(1);
  });

  it('of a day begin with what the pool had before it', async () => {
    const [from, until] = [instant(GENESIS + 12 * 150), instant(GENESIS + 12 * 250)];
    const report = await write({ ...MARKET, from, until });
    const pools = await rowsOf(report, 'pools');
    for (const pool of pools) expect([pool['unexplainedA'], pool['unexplainedB']]).toEqual(['0', '0']);
    expect(pools.some((pool) => pool['openingA'] !== '0')).toBe(true);
    const swaps = await rowsOf(report, 'swaps');
    const all = (await rowsOf(await write(MARKET), 'swaps')).filter(
      ({ time = '' }) => Date.parse(time) >= Date.parse(from) && Date.parse(time) < Date.parse(until),
    );
    expect(swaps).toEqual(all);
    expect(swaps.length).toBeGreaterThan(0);
  });

  it('of an account end with what the chain says that it has', async () => {
    const holders = new Set([...state.balances.values()].flatMap((holdings) => [...holdings.keys()]));
    expect(holders.size).toBeGreaterThan(3);
    for (const address of holders) {
      const report = await write({
        kind: 'ACCOUNT',
        chainId: CHAIN_ID,
        address: address.toLowerCase(),
        ...WHOLE,
      });
      for (const { balance, token = '' } of await rowsOf(report, 'balances'))
        expect(balance).toBe(`${state.balances.get(token)?.get(address) ?? 0n}`);
      if (address === MANAGER) continue;
      for (const { liquidity, poolId = '' } of await rowsOf(report, 'positions'))
        expect(liquidity).toBe(`${state.pools.get(poolId)?.shares.get(address) ?? 0n}`);
      for (const profit of await rowsOf(report, 'profits'))
        expect(BigInt(profit['matchedCost'] ?? 0) + BigInt(profit['openCost'] ?? 0)).toBe(
          BigInt(profit['paid'] ?? 0),
        );
    }
  });

  it('of an account have each step of its own orders, and nobody else’s', async () => {
    const [own, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    const [ALICE, BOB] = [`0x${'a'.repeat(40)}`, `0x${'b'.repeat(40)}`];
    const store = new MemoryEventStore();
    const tell = (id: string, type: string, data: object): Promise<unknown> =>
      store.append(
        requestStream(id),
        [
          {
            ...{
              id: crypto.randomUUID(),
              type,
              version: 1,
              data: { commandId: id, chainId: CHAIN_ID, ...data },
            },
            metadata: { correlationId: id, causationId: null, actor: ALICE },
          } as NewEvent,
        ],
        'any',
      );
    await tell(own, 'SwapRequested', { requester: ALICE });
    await tell(other, 'SwapRequested', { requester: BOB });
    await tell(own, 'RequestSubmitted', { txHash: '0x1' });
    await tell(other, 'RequestExpired', {});
    await tell(own, 'RequestRetracted', { txHash: '0x1' });
    const query = { kind: 'ACCOUNT', chainId: CHAIN_ID, address: ALICE, ...WHOLE } as const;
    const orders = await rowsOf(await write(query, await all(store)), 'orders');
    expect(orders.map(({ commandId, type }) => [commandId, type])).toEqual([
      [own, 'SwapRequested'],
      [own, 'RequestSubmitted'],
      [own, 'RequestRetracted'],
    ]);
  });

  it('of a token give every holder, the largest first, and their sum as its supply', async () => {
    for (const token of state.balances.keys()) {
      if (state.strangers.has(token)) continue;
      const query = { kind: 'TOKEN', chainId: CHAIN_ID, token: token.toLowerCase(), ...WHOLE } as const;
      const report = await write(query);
      const holders = await rowsOf(report, 'holders');
      const there = [...(state.balances.get(token) ?? [])].filter(([, balance]) => balance > 0n);
      expect(new Map(holders.map(({ balance, holder }) => [holder, balance]))).toEqual(
        new Map(there.map(([holder, balance]) => [holder, `${balance}`])),
      );
      const sizes = holders.map(({ balance }) => BigInt(balance ?? 0));
      expect(sizes).toEqual(sizes.toSorted((one, two) => (one > two ? -1 : one < two ? 1 : 0)));
      expect((await rowsOf(report, 'supply')).at(-1)?.['supply']).toBe(sum(holders, 'balance'));
    }
  });

  it('of acts have what was refused, who was erased and what operators did, in the period alone', async () => {
    const types = [
      'CommandRejected',
      'UserErased',
      'OperationRequested',
      'UserRoleGranted',
      'ReportRequested',
    ];
    const store = new MemoryEventStore(() => (GENESIS + 60) * 1_000);
    const events = [...types, 'SwapRequested'].map((type) => ({
      ...{ id: crypto.randomUUID(), type, version: 1, data: { what: type } },
      metadata: { correlationId: 'c', causationId: null, actor: 'operator:test' },
    }));
    await store.append(userStream(`0x${'a'.repeat(40)}`), events, 'any');
    const acts = (from: number): ReportQuery => ({
      kind: 'ACTS',
      from: instant(GENESIS + from),
      until: null,
    });
    const report = await write(acts(0), await all(store));
    for (const [at, file] of ['rejected', 'erasures', 'operations', 'access', 'reports'].entries())
      expect((await rowsOf(report, file)).map(({ actor, type }) => [type, actor])).toEqual([
        [types[at], 'operator:test'],
      ]);
    const later = await write(acts(61), await all(store));
    expect(later.manifest.files.filter(({ rows }) => rows > 0)).toEqual([]);
  });

  it('have no fact of a block that was taken back, and say how many were', async () => {
    const names = ['swaps', 'liquidity', 'pools'];
    const [reorganized, plain] = [
      await write(MARKET),
      await write(MARKET, withoutReverted(log.events, log.chain)),
    ];
    for (const name of names) expect(await rowsOf(reorganized, name)).toEqual(await rowsOf(plain, name));
    const [blocks] = await rowsOf(reorganized, 'blocks');
    expect(blocks).toMatchObject({
      ...{ chainId: `${CHAIN_ID}`, firstBlock: '1', lastBlock: `${log.chain.head?.number}`, gaps: '0' },
      ...{ blocks: `${log.chain.blocks.length}`, finalBlock: `${log.chain.finalized}`, notProved: '0' },
      provedByBloom: `${log.chain.blocks.length}`,
    });
    expect(Number(blocks?.['revertedBlocks'])).toBeGreaterThan(20);
  });

  it('name what was parked and not told since', async () => {
    const parked = (id: string, type: string, data: object): RecordedEvent =>
      ({ ...log.events[20], id, type, data }) as unknown as RecordedEvent;
    const at = (log.events[20]?.metadata.chain ?? null) !== null;
    expect(at).toBe(true);
    const events = [
      ...log.events,
      parked('one', 'LogParked', { code: 'LOG_UNDECODABLE', reason: 'short' }),
      parked('two', 'LogParked', { code: 'FACT_IMPOSSIBLE', reason: 'long' }),
      parked('three', 'ParkedLogResolved', { eventId: 'one', resolution: 'RETRIED' }),
      parked('four', 'ParkedLogResolved', { eventId: 'two', resolution: 'SKIPPED' }),
    ];
    const rows = await rowsOf(await write(MARKET, events), 'parked');
    expect(rows.map(({ code, eventId }) => [eventId, code])).toEqual([['two', 'FACT_IMPOSSIBLE']]);
  });

  it('are the same folder each time, and are what they say', async () => {
    const [one, other] = [await write(MARKET), await write(MARKET, log.events, join(into, 'again'))];
    expect(other.name).toBe(one.name);
    const files = await readdir(one.path);
    expect(await readdir(other.path)).toEqual(files);
    for (const file of files)
      expect(await readFile(join(other.path, file))).toEqual(await readFile(join(one.path, file)));
    const verified = await verifyFolder(one.path, TRUST);
    expect(verified.manifest.log.size).toBe(log.events.length);
    // Nothing of a try is left beside it.
    expect((await readdir(join(into, 'again'))).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('have each row in both files, and in CSV no formula of a stranger', async () => {
    const { path } = await write(MARKET);
    const [header = '', ...lines] = (await readFile(join(path, 'swaps.csv'), 'utf8')).split('\r\n');
    const rows = await rowsOf({ path }, 'swaps');
    expect(lines).toEqual([
      ...rows.map((row) =>
        header
          .split(',')
          .map((column) => row[column] ?? '')
          .join(','),
      ),
      '',
    ]);
    expect(['=1+1', '-5', '-5-5', 'a,"b"', '', null, '\r\n', '@x'].map(csvOf)).toEqual([
      ...["'=1+1", '-5', "'-5-5", '"a,""b"""', '""', '', '"\'\r\n"', "'@x"],
    ]);
  });

  describe('that are not what they say', () => {
    let report: WrittenReport;
    beforeAll(async () => {
      report = await write(MARKET);
    });
    const changed = async (change: (folder: string) => Promise<unknown>): Promise<string> => {
      const folder = join(await mkdtemp(join(into, 'changed-')), report.name);
      await cp(report.path, folder, { recursive: true });
      const moved = await change(folder);
      return typeof moved === 'string' ? moved : folder;
    };
    const faultOf = async (folder: string, trust = TRUST): Promise<ReportFault | null> =>
      verifyFolder(folder, trust).then(
        () => null,
        (error: { code: ReportFault }) => error.code,
      );
    /** As somebody would who makes the folder whole again, but for the signature. */
    const rewritten = (change: (manifest: ReportManifest) => ReportManifest, signer: LogSigner | null) =>
      changed(async (folder) => {
        const { manifest } = report;
        const text = formatManifest(change(manifest));
        const name = nameOf(text);
        await writeFile(join(folder, 'manifest.json'), text);
        if (signer !== null)
          await writeFile(
            join(folder, 'manifest.note'),
            signer.note(`abland.report/v1\n${manifest.log.origin}\n${name}\n`),
          );
        const path = join(dirname(folder), name);
        await rename(folder, path);
        return path;
      });

    it('say what is wrong with them', async () => {
      const at = (name: string) => (folder: string) => join(folder, name);
      const byte = (name: string) =>
        changed(async (folder) => {
          const path = at(name)(folder);
          const bytes = await readFile(path);
          bytes[bytes.length - 3] = (bytes.at(-3) ?? 0) ^ 1;
          await writeFile(path, bytes);
        });
      expect(await faultOf(report.path)).toBeNull();
      expect(await faultOf(await byte('swaps.csv'))).toBe('FILE_CHANGED');
      expect(await faultOf(await byte('blocks.jsonl'))).toBe('FILE_CHANGED');
      expect(await faultOf(await changed((folder) => truncate(at('swaps.jsonl')(folder), 9)))).toBe(
        'FILE_CHANGED',
      );
      expect(await faultOf(await changed((folder) => rm(at('pools.csv')(folder))))).toBe('FILE_MISSING');
      expect(await faultOf(await changed((folder) => writeFile(at('more.csv')(folder), '')))).toBe(
        'FILE_UNKNOWN',
      );
      expect(await faultOf(await changed((folder) => rm(at('manifest.json')(folder))))).toBe(
        'MANIFEST_MALFORMED',
      );
      expect(await faultOf(await changed((folder) => rm(at('manifest.note')(folder))))).toBe('NOT_SIGNED');
      expect(await faultOf(report.path, trustOf(OTHER))).toBe('NOT_SIGNED');
      const later = (manifest: ReportManifest): ReportManifest => ({ ...manifest, version: 9 });
      expect(await faultOf(await rewritten(later, null))).toBe('NOT_SIGNED');
      expect(await faultOf(await rewritten(later, OTHER))).toBe('NOT_SIGNED');
      expect(await faultOf(await rewritten(later, SIGNER))).toBeNull();
      const larger = ({ log: { ...of }, ...manifest }: ReportManifest): ReportManifest => ({
        ...{ ...manifest, log: { ...of, size: of.size + 1 } },
      });
      expect(await faultOf(await rewritten(larger, SIGNER))).toBe('CHECKPOINT_NOT_TRUSTED');
    });

    it('are seen with any byte of manifest or signature changed', async () => {
      const folder = await changed(() => Promise.resolve());
      for (const name of ['manifest.json', 'manifest.note']) {
        const bytes = await readFile(join(folder, name));
        for (let at = 0; at < bytes.length; at += 7) {
          await writeFile(join(folder, name), bytes.with(at, (bytes[at] ?? 0) ^ (1 << (at % 7))));
          expect(await faultOf(folder)).not.toBeNull();
        }
        await writeFile(join(folder, name), bytes);
      }
      expect(await faultOf(folder)).toBeNull();
    });

    it('are seen beside the log where their signer wrote something else', async () => {
      const compare = async (folder: string): Promise<string | null> =>
        compareWithLog(await verifyFolder(folder, TRUST), () => reading(log.events)).then(
          () => null,
          (error: { code: string }) => error.code,
        );
      expect(await compare(report.path)).toBeNull();
      expect(await compare(await rewritten((one) => ({ ...one, version: 9 }), SIGNER))).toBe('OTHER_VERSION');
      const lied = await rewritten(
        ({ query, ...manifest }) => ({ ...manifest, query: { ...query, until: instant(GENESIS + 600) } }),
        SIGNER,
      );
      expect(await compare(lied)).toBe('REBUILT_DIFFERS');
      expect(basename(lied)).not.toBe(report.name);
    });
  });

  it('are not made where the log says of its reorgs what it did not say before', async () => {
    const folder = join(into, 'reorgs');
    const checkpoint = SIGNER.checkpoint({ size: log.events.length, root: Buffer.alloc(32, 7) });
    const options = { query: MARKET, checkpoint, signer: SIGNER, into: folder };
    const last = log.events.findLastIndex(({ type }) => type === 'BlocksReverted');
    const written = writeReport({
      ...{ ...options, head: trustCheckpoint(checkpoint, TRUST), ...reading(log.events) },
      standing: reading(log.events.toSpliced(last, 1)).standing,
    });
    await expect(written).rejects.toMatchObject({ code: 'LOG_REWRITTEN' });
    expect(await readdir(folder)).toEqual([]);
  });

  it('leave nothing where they fail', async () => {
    const folder = join(into, 'failed');
    const failing = writeReport({
      ...{ query: MARKET, checkpoint: '', signer: SIGNER, into: folder },
      head: { ...trustCheckpoint(SIGNER.checkpoint({ size: 1, root: Buffer.alloc(32) }), TRUST) },
      ...reading(log.events),
      events: async function* () {
        yield log.events.slice(0, 90);
        throw new Error('The log was changed');
      },
    });
    await expect(failing).rejects.toThrow('The log was changed');
    expect(await readdir(folder)).toEqual([]);
  });
});
