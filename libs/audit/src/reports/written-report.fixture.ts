import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseVerifierKey, type Trust, trustCheckpoint } from '@abland/audit-verify';
import type { RecordedEvent } from '@abland/kernel';
import { LogSigner } from '../signing/log-signer.js';
import type { ReportQuery } from './folding/query.js';
import { type ReportOptions, type WrittenReport, writeReport } from './write-report.js';

export const SIGNER = new LogSigner('example.com/log', [new Uint8Array(32).fill(1)]);
export const trustOf = ({ verifierKeys }: LogSigner): Trust => ({
  ...{ logKeys: [parseVerifierKey(verifierKeys.trim())], witnessKeys: [], witnessesMin: 0 },
});
export const TRUST = trustOf(SIGNER);

export type Rows = readonly Readonly<Record<string, string>>[];

/** Of events that come in several pages, by a checkpoint that is made for them. */
export function writtenReport(
  query: ReportQuery,
  events: readonly RecordedEvent[],
  into: string,
): Promise<WrittenReport> {
  const checkpoint = SIGNER.checkpoint({ size: events.length, root: Buffer.alloc(32, 7) });
  return writeReport({
    ...{ query, checkpoint, signer: SIGNER, into, head: trustCheckpoint(checkpoint, TRUST) },
    ...reading(events),
  });
}

/** In several pages. */
export function reading(events: readonly RecordedEvent[]): Pick<ReportOptions, 'events' | 'standing'> {
  const pages = async function* (): ReturnType<ReportOptions['events']> {
    for (let from = 0; from < events.length; from += 50) yield events.slice(from, from + 50);
  };
  return { events: pages, standing: pages };
}

export async function rowsOf({ path }: Pick<WrittenReport, 'path'>, name: string): Promise<Rows> {
  const text = await readFile(join(path, `${name}.jsonl`), 'utf8');
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as Record<string, string>);
}
