import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, mkdtemp, open, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import {
  parseNote,
  ProofError,
  toBase64,
  type Trust,
  trustCheckpoint,
  verifyNote,
} from '@abland/audit-verify';
import type { TrustedCheckpoint } from '@abland/audit-verify';
import { AblandError } from '@abland/kernel';
import {
  formatManifest,
  MANIFEST_FILE,
  nameOf,
  parseManifest,
  type ReportManifest,
  SIGNATURE_FILE,
  signedText,
} from './manifest.js';
import { kindOf } from './report-kinds.js';
import { type ReportOptions, writeReport } from './write-report.js';

/**
 * What can be wrong with a report's folder. MANIFEST_MALFORMED: not in its format. NAME_DIFFERS: the folder is not named by what is in it.
 * NOT_SIGNED: by nobody who is trusted. CHECKPOINT_NOT_TRUSTED: the log's checkpoint in it is not, or is another one than it says.
 * FILE_MISSING, FILE_UNKNOWN, FILE_CHANGED: its files are not those that were written. OTHER_VERSION: this program writes it otherwise.
 * REBUILT_DIFFERS: the log gives other files.
 */
export const REPORT_FAULTS = [
  'MANIFEST_MALFORMED',
  'NAME_DIFFERS',
  'NOT_SIGNED',
  'CHECKPOINT_NOT_TRUSTED',
  'FILE_MISSING',
  'FILE_UNKNOWN',
  'FILE_CHANGED',
  'OTHER_VERSION',
  'REBUILT_DIFFERS',
] as const;
export type ReportFault = (typeof REPORT_FAULTS)[number];

/** A report's folder is not what it says. Nothing in it may be relied on. */
export class ReportFaultError extends AblandError {
  constructor(
    readonly code: ReportFault,
    message: string,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, details, cause);
  }
}

export interface VerifiedReport {
  readonly manifest: ReportManifest;
  readonly head: TrustedCheckpoint;
}

const MANIFEST_BYTES_MAX = 1 << 20;

/** That a folder is what was signed, without the log. @throws ReportFaultError */
export async function verifyFolder(folder: string, trust: Trust): Promise<VerifiedReport> {
  const text = await readText(join(folder, MANIFEST_FILE));
  const manifest = parseManifest(text);
  if (manifest === null) throw new ReportFaultError('MANIFEST_MALFORMED', 'It has no manifest of a report');
  const name = nameOf(text);
  if (basename(resolve(folder)) !== name)
    throw new ReportFaultError('NAME_DIFFERS', `By what is in it the folder's name would be ${name}`, {
      name,
    });
  requireSigned(await readText(join(folder, SIGNATURE_FILE)), manifest, name, trust);
  const head = trustedHead(manifest, trust);
  await requireFiles(folder, manifest);
  return { manifest, head };
}

/**
 * That the log gives the same report, byte for byte. It is written anew, compared, and removed.
 * @param log what its checkpoint commits to
 * @throws ReportFaultError, and what `log` throws
 */
export async function compareWithLog(
  { head, manifest }: VerifiedReport,
  log: (head: TrustedCheckpoint) => Pick<ReportOptions, 'events' | 'standing'>,
  signal?: AbortSignal,
): Promise<void> {
  const { query, version } = manifest;
  if (kindOf(query).version !== version)
    throw new ReportFaultError('OTHER_VERSION', `It was written by version ${version} of its kind`, {
      version,
    });
  const into = await mkdtemp(join(tmpdir(), 'abland-report-'));
  try {
    const options: ReportOptions = {
      ...{ query, head, checkpoint: manifest.log.checkpoint, into, signer: null, ...log(head) },
      ...(signal === undefined ? {} : { signal }),
    };
    const rebuilt = await writeReport(options);
    const differing = rebuilt.manifest.files.filter(
      (file, at) => file.sha256 !== manifest.files[at]?.sha256 || file.name !== manifest.files[at]?.name,
    );
    const isSame = rebuilt.manifest.files.length === manifest.files.length && differing.length === 0;
    if (isSame && rebuilt.name === nameOf(formatManifest(manifest))) return;
    const names = differing.map((file) => file.name);
    throw new ReportFaultError('REBUILT_DIFFERS', `The log gives other files: ${names.join(', ')}`, {
      names,
    });
  } finally {
    await rm(into, { recursive: true, force: true });
  }
}

function requireSigned(note: string, { log }: ReportManifest, name: string, { logKeys }: Trust): void {
  try {
    const parsed = parseNote(note);
    const keys = logKeys.filter((key) => key.name === log.origin);
    // None of another key beside them: of what nobody verifies any byte could be changed.
    const isSigned = verifyNote(parsed, keys).length === parsed.signatures.length;
    if (parsed.text === signedText(log.origin, name) && isSigned) return;
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new ReportFaultError('NOT_SIGNED', error.message, {}, error);
  }
  throw new ReportFaultError('NOT_SIGNED', 'No trusted key of the log signed the report');
}

function trustedHead({ log }: ReportManifest, trust: Trust): TrustedCheckpoint {
  try {
    const head = trustCheckpoint(log.checkpoint, trust);
    if (head.origin === log.origin && head.size === log.size && toBase64(head.root) === log.root) return head;
  } catch (error) {
    if (!(error instanceof ProofError)) throw error;
    throw new ReportFaultError('CHECKPOINT_NOT_TRUSTED', error.message, { fault: error.fault }, error);
  }
  throw new ReportFaultError(
    'CHECKPOINT_NOT_TRUSTED',
    'The checkpoint is of another tree than the report says',
  );
}

async function requireFiles(folder: string, { files }: ReportManifest): Promise<void> {
  const there = await readdir(folder);
  const known = new Set([MANIFEST_FILE, SIGNATURE_FILE, ...files.map(({ name }) => name)]);
  const unknown = there.find((name) => !known.has(name));
  if (unknown !== undefined)
    throw new ReportFaultError('FILE_UNKNOWN', `The report has no file ${unknown}`, { file: unknown });
  for (const { bytes, name, sha256 } of files) {
    if (!there.includes(name))
      throw new ReportFaultError('FILE_MISSING', `The file ${name} is missing`, { file: name });
    // Of what is no file, or a larger one, nothing is read.
    const found = await lstat(join(folder, name));
    if (!found.isFile() || found.size !== bytes || (await hashOf(join(folder, name))) !== sha256)
      throw new ReportFaultError('FILE_CHANGED', `The file ${name} was changed`, { file: name });
  }
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest('hex');
}

/** @throws ReportFaultError MANIFEST_MALFORMED, NOT_SIGNED */
async function readText(path: string): Promise<string> {
  const isManifest = basename(path) === MANIFEST_FILE;
  const fault = isManifest ? 'MANIFEST_MALFORMED' : 'NOT_SIGNED';
  try {
    const found = await lstat(path);
    if (!found.isFile()) throw new ReportFaultError(fault, `${basename(path)} is no file`);
    const file = await open(path, 'r');
    try {
      if (found.size > MANIFEST_BYTES_MAX) throw new ReportFaultError(fault, `${basename(path)} is too long`);
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(found.size) });
      const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
      return decoder.decode(buffer.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof ReportFaultError) throw error;
    throw new ReportFaultError(fault, `${basename(path)} cannot be read`, {}, error);
  }
}
