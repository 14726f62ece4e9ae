import { createHash, type Hash } from 'node:crypto';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { canonicalJson } from '@abland/audit-verify';
import type { Row, Value } from './folding/report.js';

/** A file of a report as its manifest has it. */
export interface ReportFile {
  readonly name: string;
  readonly format: 'jsonl' | 'csv';
  readonly columns: readonly string[];
  readonly rows: number;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

/** RFC 4180. */
const LINE_END = '\r\n';
const NEEDS_QUOTES = /[",\r\n]/;
/** What spreadsheets take for a formula, and is no number. */
const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** One set of rows, written as JSON Lines and as CSV at once. What was put is in memory until it is flushed. */
export class TableWriter {
  private rows = 0;
  private waiting: { jsonl: string; csv: string } = { jsonl: '', csv: '' };

  private constructor(
    private readonly name: string,
    private readonly columns: readonly string[],
    private readonly outputs: { readonly jsonl: Output; readonly csv: Output },
  ) {
    this.waiting.csv = columns.join(',') + LINE_END;
  }

  static async open(folder: string, name: string, columns: readonly string[]): Promise<TableWriter> {
    const jsonl = await Output.open(join(folder, `${name}.jsonl`));
    return new TableWriter(name, columns, { jsonl, csv: await Output.open(join(folder, `${name}.csv`)) });
  }

  /** @throws TypeError where the row has other columns */
  put(row: Row): void {
    const values = this.columns.map((column) => row[column]);
    if (values.includes(undefined) || Object.keys(row).length !== values.length)
      throw new TypeError(`A row of ${this.name} has other columns than the file`);
    this.waiting.jsonl += `${canonicalJson(row)}\n`;
    this.waiting.csv += values.map((value) => csvOf(value ?? null)).join(',') + LINE_END;
    this.rows += 1;
  }

  /** Characters that wait. */
  get size(): number {
    return this.waiting.jsonl.length;
  }

  async flush(): Promise<void> {
    const { csv, jsonl } = this.waiting;
    this.waiting = { jsonl: '', csv: '' };
    await this.outputs.jsonl.write(jsonl);
    await this.outputs.csv.write(csv);
  }

  async close(): Promise<readonly ReportFile[]> {
    await this.flush();
    const files: ReportFile[] = [];
    for (const format of ['csv', 'jsonl'] as const)
      files.push({
        ...{ name: `${this.name}.${format}`, format, columns: this.columns, rows: this.rows },
        ...(await this.outputs[format].close()),
      });
    return files;
  }

  /** After a failure. */
  async abandon(): Promise<void> {
    for (const output of Object.values(this.outputs)) await output.close().catch(() => undefined);
  }
}

class Output {
  private readonly hash: Hash = createHash('sha256');
  private bytes = 0;

  private constructor(private readonly file: FileHandle) {}

  static async open(path: string): Promise<Output> {
    return new Output(await open(path, 'wx'));
  }

  async write(text: string): Promise<void> {
    if (text === '') return;
    const bytes = Buffer.from(text);
    this.hash.update(bytes);
    this.bytes += bytes.length;
    await this.file.writeFile(bytes);
  }

  async close(): Promise<{ readonly bytes: number; readonly sha256: string }> {
    await this.file.sync();
    await this.file.close();
    return { bytes: this.bytes, sha256: this.hash.digest('hex') };
  }
}

/**
 * Empty for what is not known. A text of a stranger that a spreadsheet would reckon with has an apostrophe before it: the exact one is in
 * the JSON Lines.
 */
export function csvOf(value: Value): string {
  if (value === null) return '';
  if (value === '') return '""';
  const text = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
