import type { RecordedEvent } from '@abland/kernel';
import type { FactAt } from './standing-facts.js';

/** Amounts as exact whole numbers of base units, times in ISO 8601 UTC: nothing that another machine could write otherwise. */
export type Value = string | null;
export type Row = Readonly<Record<string, Value>>;
/** A row of one of a report's files. */
export type Put = (file: string, row: Row) => void;

/** What of a log a report is about. Instants as ISO 8601 UTC of whole seconds; from is included, until is not; null: no bound. */
export interface Period {
  readonly from: string | null;
  readonly until: string | null;
}

/** How a report is made of the events of a log, in their order; of a chain's facts those that stand at its end alone. */
export interface ReportFolding {
  /** A fact of a chain. */
  fact?(event: RecordedEvent, at: FactAt): void;
  /** Any other event. */
  event?(event: RecordedEvent): void;
  /** What is known once all were read: as many rows as there are. */
  end?(): Iterable<readonly [file: string, row: Row]>;
}

export interface ReportKind<Query> {
  /** Raised with any change of what is written: a report is rebuilt by the same version alone. */
  readonly version: number;
  /** Columns of each of its files, in their order. */
  readonly files: Readonly<Record<string, readonly string[]>>;
  begin(query: Query, put: Put): ReportFolding;
}

/** Whether a moment is in a period. @param seconds since the epoch, or an instant */
export function isWithin({ from, until }: Period, moment: number | string): boolean {
  const ms = typeof moment === 'number' ? moment * 1_000 : Date.parse(moment);
  return (from === null || ms >= Date.parse(from)) && (until === null || ms < Date.parse(until));
}

/** @param seconds since the epoch */
export const timeOf = (seconds: number): string => new Date(seconds * 1_000).toISOString();
