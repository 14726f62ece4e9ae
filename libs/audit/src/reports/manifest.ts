import { createHash } from 'node:crypto';
import { canonicalJson, type JsonValue } from '@abland/audit-verify';
import { parseQuery, type ReportQuery } from './folding/query.js';
import type { ReportFile } from './tables.js';

/** What a report is of, and what its files are. Its canonical JSON, hashed, is the report's name. */
export interface ReportManifest {
  readonly format: typeof REPORT_FORMAT;
  readonly query: ReportQuery;
  /** Of what writes the report's kind: another one may write other bytes. */
  readonly version: number;
  readonly log: {
    readonly origin: string;
    /** Events that were read: all of the tree, in their order. */
    readonly size: number;
    /** Base64. */
    readonly root: string;
    /** The signed note, with the cosignatures that it had. */
    readonly checkpoint: string;
  };
  /** People's own words stay sealed in it. */
  readonly personalData: 'NOT_OPENED';
  /** By their names. */
  readonly files: readonly ReportFile[];
}

export const REPORT_FORMAT = 'abland.report/v1';
export const MANIFEST_FILE = 'manifest.json';
export const SIGNATURE_FILE = 'manifest.note';

export const formatManifest = (manifest: ReportManifest): string =>
  canonicalJson(manifest as unknown as JsonValue);

/** Hexadecimal. */
export const nameOf = (manifest: string): string => createHash('sha256').update(manifest).digest('hex');

/** What is signed of a report: it begins as no checkpoint does. */
export const signedText = (origin: string, name: string): string => `${REPORT_FORMAT}\n${origin}\n${name}\n`;

/** Null where it is none, or not written in the one way that there is. */
export function parseManifest(text: string): ReportManifest | null {
  try {
    const value = JSON.parse(text) as Partial<Record<keyof ReportManifest, JsonValue>>;
    if (value.format !== REPORT_FORMAT || value.personalData !== 'NOT_OPENED') return null;
    const manifest = {
      ...{ format: REPORT_FORMAT, personalData: 'NOT_OPENED' },
      ...{
        query: parseQuery(value.query ?? null),
        version: value.version,
        log: value.log,
        files: value.files,
      },
    } as unknown as ReportManifest;
    return isWhole(manifest) && formatManifest(manifest) === text ? manifest : null;
  } catch {
    return null;
  }
}

function isWhole({ files, log, version }: ReportManifest): boolean {
  const isLog =
    isCount(log.size) && [log.origin, log.root, log.checkpoint].every((text) => typeof text === 'string');
  return isCount(version) && isLog && Object.keys(log).length === 4 && files.every(isFile);
}

const isFile = ({ bytes, columns, format, name, rows, sha256, ...others }: ReportFile): boolean =>
  /^[a-z]+\.(?:csv|jsonl)$/.test(name) &&
  name.endsWith(`.${format}`) &&
  isCount(bytes) &&
  isCount(rows) &&
  /^[0-9a-f]{64}$/.test(sha256) &&
  columns.every((column) => typeof column === 'string') &&
  Object.keys(others).length === 0;
const isCount = (value: unknown): boolean => Number.isSafeInteger(value) && Number(value) >= 0;
