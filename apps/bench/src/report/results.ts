import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { fileURLToPath } from 'node:url';

/** One measured piece of work: medians over the runs. */
export interface ResultRow {
  readonly work: string;
  readonly unit: string;
  readonly ours: number | null;
  /** The same work done by others in the same run. */
  readonly peers: Readonly<Record<string, number>>;
  /** What the machine allows at best; null where nothing was measured for it. */
  readonly limit: number | null;
  /** Ours, run by run. */
  readonly runs: readonly number[];
}

export interface BenchResult {
  readonly bench: string;
  readonly postgres: string | null;
  readonly rows: readonly ResultRow[];
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? NaN) + upper) / 2;
}

/** Writes apps/bench/results/<bench>.json and returns its path. */
export async function writeResult(result: BenchResult): Promise<string> {
  const folder = fileURLToPath(new URL('../../results/', import.meta.url));
  await mkdir(folder, { recursive: true });
  const path = `${folder}${result.bench}.json`;
  const cpu = `${cpus().length} x ${cpus()[0]?.model ?? 'unknown'}`;
  const { bench, postgres, rows } = result;
  await writeFile(
    path,
    `${JSON.stringify({ bench, cpu, node: process.version, postgres, rows }, null, 2)}\n`,
  );
  return path;
}

/** A table for the terminal: each peer with the ratio of ours to it. */
export function formatTable(rows: readonly ResultRow[]): string {
  const lines = rows.map((row) => {
    const peers = Object.entries(row.peers).map(
      ([name, figure]) => `${name} ${show(figure)}${ratio(row.ours, figure)}`,
    );
    const limit = row.limit === null ? [] : [`limit ${show(row.limit)}${ratio(row.ours, row.limit)}`];
    return [row.work, row.ours === null ? '-' : show(row.ours), row.unit, [...peers, ...limit].join(', ')];
  });
  const table = [['work', 'ours', 'unit', 'others (ours is n times that)'], ...lines];
  const widths = [0, 1, 2].map((column) => Math.max(...table.map((line) => line[column]?.length ?? 0)));
  return table
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

function show(figure: number): string {
  return figure >= 100 ? Math.round(figure).toLocaleString('en-US') : figure.toPrecision(3);
}

function ratio(ours: number | null, other: number): string {
  return ours === null || other === 0 ? '' : ` (${(ours / other).toFixed(2)})`;
}
