import { cp, mkdir, mkdtemp, readFile, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CHAIN_ID } from '../../../projections/src/testing/simulated-chain.js';
import { LogSigner } from '../signing/log-signer.js';
import type { ReportQuery } from './folding/query.js';
import { formatManifest, nameOf, type ReportManifest } from './manifest.js';
import { marketLog } from './market-log.fixture.js';
import { compareWithLog, type ReportFault, verifyFolder } from './verify-report.js';
import type { WrittenReport } from './write-report.js';
import { reading, SIGNER, TRUST, trustOf, writtenReport } from './written-report.fixture.js';

const OTHER = new LogSigner('example.com/log', [new Uint8Array(32).fill(2)]);
const MARKET: ReportQuery = { kind: 'MARKET', chainId: CHAIN_ID, poolId: null, from: null, until: null };
const UNTIL = '2023-11-14T22:20:00Z';

describe('reports that are not what they say', () => {
  let into: string;
  let log: Awaited<ReturnType<typeof marketLog>>;
  let report: WrittenReport;
  beforeAll(async () => {
    into = await mkdtemp(join(tmpdir(), 'reports-'));
    log = await marketLog(60, true);
    report = await writtenReport(MARKET, log.events, into);
  });
  afterAll(() => rm(into, { recursive: true, force: true }));
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
          signer.signed(`abland.report/v1\n${manifest.log.origin}\n${name}\n`),
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

  it('are read no further than they say, whatever stands in the place of a file', async () => {
    const endless = (name: string) =>
      changed(async (folder) => {
        await rm(join(folder, name));
        await symlink('/dev/zero', join(folder, name));
      });
    expect(await faultOf(await endless('swaps.csv'))).toBe('FILE_CHANGED');
    expect(await faultOf(await endless('manifest.json'))).toBe('MANIFEST_MALFORMED');
    expect(await faultOf(await endless('manifest.note'))).toBe('NOT_SIGNED');
    const inFolder = await changed(async (folder) => {
      await rm(join(folder, 'pools.csv'));
      await mkdir(join(folder, 'pools.csv'));
    });
    expect(await faultOf(inFolder)).toBe('FILE_CHANGED');
  });

  it('are made whole again by who makes the same', async () => {
    const folder = await mkdtemp(join(into, 'spoilt-'));
    const { path } = await writtenReport(MARKET, log.events, folder);
    await truncate(join(path, 'swaps.csv'), 3);
    expect(await faultOf(path)).toBe('FILE_CHANGED');
    await writtenReport(MARKET, log.events, folder);
    expect(await faultOf(path)).toBeNull();
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
      ({ query, ...manifest }) => ({ ...manifest, query: { ...query, until: UNTIL } }),
      SIGNER,
    );
    expect(await compare(lied)).toBe('REBUILT_DIFFERS');
    expect(basename(lied)).not.toBe(report.name);
  });
});
