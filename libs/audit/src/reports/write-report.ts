import { mkdir, mkdtemp, open, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { toBase64, type TrustedCheckpoint } from '@abland/audit-verify';
import type { ProvenEvents } from '../reading/proven-events.js';
import type { LogSigner } from '../signing/log-signer.js';
import { Completeness, COMPLETENESS_FILES } from './folding/completeness.js';
import {
  formatManifest,
  MANIFEST_FILE,
  nameOf,
  REPORT_FORMAT,
  type ReportManifest,
  SIGNATURE_FILE,
  signedText,
} from './manifest.js';
import type { ReportQuery } from './folding/query.js';
import { kindOf } from './report-kinds.js';
import type { Row } from './folding/report.js';
import { StandingFacts } from './folding/standing-facts.js';
import { LogRewrittenError } from '../failures/tree-errors.js';
import { type ReportFile, TableWriter } from './tables.js';

export interface ReportOptions {
  readonly query: ReportQuery;
  /** That is trusted. */
  readonly head: TrustedCheckpoint;
  /** The signed note that it is of. */
  readonly checkpoint: string;
  /** As programs read them: what is sealed stays so. It throws where an event is not what was hashed, at the end at the latest. */
  readonly events: () => ProvenEvents;
  /**
   * Those of `STANDING_TYPES` among them, read before them, as nobody knows at a fact whether it is taken back later. Nothing of it is believed that
   * `events` does not say as well.
   */
  readonly standing: () => ProvenEvents;
  /** Null: it is compared with one that is signed, and needs no signature of its own. */
  readonly signer: Pick<LogSigner, 'signed'> | null;
  /** The folder that the report's is made in. */
  readonly into: string;
  readonly signal?: AbortSignal;
}

export interface WrittenReport {
  /** Of its folder: the hash of its manifest. */
  readonly name: string;
  readonly path: string;
  readonly manifest: ReportManifest;
}

/** Rows that wait, in characters, before they are written: memory stays as it is however many come. */
const WAITING_MAX = 1 << 20;

/**
 * Writes a report as a folder that is named by its content: the same query of the same checkpoint gives the same bytes anywhere. Where it fails
 * nothing is left; a folder of its name takes its place anew.
 */
export async function writeReport(options: ReportOptions): Promise<WrittenReport> {
  const { checkpoint, head, into, query, signer } = options;
  await mkdir(into, { recursive: true });
  const folder = await mkdtemp(join(into, '.report-'));
  try {
    const manifest: ReportManifest = {
      ...{ format: REPORT_FORMAT, query, version: kindOf(query).version, personalData: 'NOT_OPENED' },
      log: { origin: head.origin, size: head.size, root: toBase64(head.root), checkpoint },
      files: await writeFiles(options, folder),
    };
    const text = formatManifest(manifest);
    const name = nameOf(text);
    await writeSynced(join(folder, MANIFEST_FILE), text);
    if (signer !== null)
      await writeSynced(join(folder, SIGNATURE_FILE), signer.signed(signedText(head.origin, name)));
    const path = join(into, name);
    // Of that name there is nothing else but what somebody changed since.
    await rm(path, { recursive: true, force: true });
    await rename(folder, path);
    await syncFolder(into);
    return { name, path, manifest };
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

async function writeFiles(
  { events, query, signal, standing }: ReportOptions,
  folder: string,
): Promise<readonly ReportFile[]> {
  const facts = new StandingFacts();
  for await (const page of standing()) {
    signal?.throwIfAborted();
    for (const event of page) facts.add(event);
  }
  facts.settle();
  const tables = new Map<string, TableWriter>();
  try {
    const { files } = kindOf(query);
    for (const [name, columns] of Object.entries({ ...files, ...COMPLETENESS_FILES }))
      tables.set(name, await TableWriter.open(folder, name, columns));
    await writeRows(events(), query, facts, tables, signal);
    const written: ReportFile[] = [];
    for (const table of tables.values()) written.push(...(await table.close()));
    return written.toSorted((one, other) => (one.name < other.name ? -1 : 1));
  } catch (error) {
    for (const table of tables.values()) await table.abandon();
    throw error;
  }
}

async function writeRows(
  events: ProvenEvents,
  query: ReportQuery,
  facts: StandingFacts,
  tables: ReadonlyMap<string, TableWriter>,
  signal: AbortSignal | undefined,
): Promise<void> {
  const put = (file: string, row: Row): void => tableNamed(tables, file).put(row);
  const folding = kindOf(query).begin(query, put);
  const completeness = new Completeness(facts);
  const seen = new StandingFacts();
  for await (const page of events) {
    signal?.throwIfAborted();
    for (const event of page) {
      seen.add(event);
      const at = facts.placeOf(event);
      completeness.add(event, at);
      if (at !== null) folding.fact?.(event, at);
      else if (event.metadata.chain === undefined) folding.event?.(event);
    }
    for (const table of tables.values()) if (table.size > 0) await table.flush();
  }
  seen.settle();
  if (!facts.isSame(seen))
    throw new LogRewrittenError('The log said something else of its reorgs when it was read before');
  for (const rows of [folding.end?.() ?? [], completeness.rows()])
    for (const [file, row] of rows) {
      const table = tableNamed(tables, file);
      table.put(row);
      if (table.size > WAITING_MAX) await table.flush();
    }
}

function tableNamed(tables: ReadonlyMap<string, TableWriter>, name: string): TableWriter {
  const table = tables.get(name);
  if (table === undefined) throw new TypeError(`The report has no file ${name}`);
  return table;
}

/** So that a name which is told is there after the machine went down. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

async function writeSynced(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx');
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
