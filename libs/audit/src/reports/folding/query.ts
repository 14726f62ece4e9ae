import type { JsonValue } from '@abland/audit-verify';
import { AblandError } from '@abland/kernel';
import type { Period } from './report.js';

/** What a report is asked for. Addresses and hashes as 0x and lower case, so that one question has one text. */
export type ReportQuery =
  | ({ readonly kind: 'ACCOUNT'; readonly chainId: number; readonly address: string } & Period)
  | ({ readonly kind: 'MARKET'; readonly chainId: number; readonly poolId: string | null } & Period)
  | ({ readonly kind: 'TOKEN'; readonly chainId: number; readonly token: string } & Period)
  | ({ readonly kind: 'RECORDS'; readonly chainId: number } & Period)
  | ({ readonly kind: 'ACTS' } & Period);

/** What is asked for is no report. */
export class ReportQueryError extends AblandError {
  readonly code = 'REPORT_QUERY_INVALID';
}

const FIELDS: Readonly<Record<ReportQuery['kind'], readonly string[]>> = {
  ACCOUNT: ['address', 'chainId', 'from', 'kind', 'until'],
  MARKET: ['chainId', 'from', 'kind', 'poolId', 'until'],
  TOKEN: ['chainId', 'from', 'kind', 'token', 'until'],
  RECORDS: ['chainId', 'from', 'kind', 'until'],
  ACTS: ['from', 'kind', 'until'],
};
const ADDRESS = /^0x[0-9a-f]{40}$/;
const HASH = /^0x[0-9a-f]{64}$/;
const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/;

type Fields = { readonly [field: string]: JsonValue };

/** @throws ReportQueryError naming the field */
export function parseQuery(value: JsonValue): ReportQuery {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw wrong('kind');
  const fields = value as Fields;
  const { kind } = fields;
  if (typeof kind !== 'string' || !Object.hasOwn(FIELDS, kind)) throw wrong('kind');
  const wanted = FIELDS[kind as ReportQuery['kind']];
  const other = Object.keys(fields).find((field) => !wanted.includes(field));
  if (other !== undefined) throw wrong(other);
  for (const field of wanted) if (!CHECKS[field]?.(fields[field])) throw wrong(field);
  const query = fields as unknown as ReportQuery;
  if (query.from !== null && query.until !== null && query.from >= query.until) throw wrong('until');
  return query;
}

const isMoment = (value: JsonValue | undefined): boolean =>
  value === null || (typeof value === 'string' && INSTANT.test(value) && isDay(value));
/** Of a day that does not exist JavaScript makes another one. */
const isDay = (text: string): boolean =>
  Number.isFinite(Date.parse(text)) && new Date(text).toISOString() === text.replace('Z', '.000Z');
const matching =
  (pattern: RegExp) =>
  (value: JsonValue | undefined): boolean =>
    typeof value === 'string' && pattern.test(value);

const CHECKS: Readonly<Record<string, (value: JsonValue | undefined) => boolean>> = {
  kind: (value) => typeof value === 'string',
  chainId: (value) => Number.isSafeInteger(value) && Number(value) > 0,
  address: matching(ADDRESS),
  token: matching(ADDRESS),
  poolId: (value) => value === null || matching(HASH)(value),
  from: isMoment,
  until: isMoment,
};

const wrong = (field: string): ReportQueryError =>
  new ReportQueryError(`The report cannot be asked for: ${field} is not as it must be`, { field });
