import { RpcBatchRefusedError, RpcResponseError, RpcTooMuchError, RpcTooOftenError } from './errors.js';
import { isRevert } from './reverts.js';

/** The error of a JSON-RPC answer; providers leave out any part of it. */
export interface RpcRefusal {
  readonly code: number;
  readonly message: string;
  readonly data: unknown;
}

/** How providers say that too much was asked for together: geth in the place of the first answer, others of the whole. */
const OF_BATCH: readonly RegExp[] = [
  /\bbatch(ed|es)?\b.* (too|limit|exceed|not|more than|size)|(too many|exceed|limit|max\w*|more than) .*\bbatch/i,
];
/** What sounds like too much, and is of a range that the node does not have: one that lags, say. A smaller one changes nothing. */
const NOT_THERE_YET =
  /beyond .*head|in(to)? the future|invalid block range|(greater|higher) than .*(head|latest)|from ?block.* (greater|higher|after) .*to ?block/i;
/** How providers say that a range or an answer is too large, whatever the code: it differs from one to the next. */
const TOO_MUCH: readonly RegExp[] = [
  /query returned more than \d+ results/i, // Infura, Base, Erigon
  /(block|blocks) range|range (of blocks )?(is )?(too|limit|exceed)|exceed(s|ed)? .*range|range .*exceed/i,
  /limited to (a )?[\d,]+|up to a? ?[\d,]+ blocks?|max(imum)? .*(blocks|results|logs)|more than [\d,]+ (blocks|results|logs)/i,
  /(response|result|answer|log) (size|set)?.*(too (large|big)|exceed)|too (large|big|many) .*(response|results|logs|blocks)/i,
  /too many (results|logs|blocks)|query timeout exceeded|query exceeds|request entity too large/i,
];
/** How they say that too much was asked for in a time. */
const TOO_OFTEN: readonly RegExp[] = [
  /rate.?limit|too many requests|(requests?|compute units|throughput|capacity).*(per second|exceeded|limit)|slow down/i,
  /daily request count|limit exceeded|try again later|quota/i,
];
/** EIP-1474 "limit exceeded", and what others say for it. */
const BUSY_CODES: ReadonlySet<number> = new Set([-32005, -32016, -32029, 429]);

/** The error that a refusal of a provider stands for, by its code and its words. */
export function errorOf(shownUrl: string, { code, data, message }: RpcRefusal): Error {
  const words = `${message} ${wordsIn(data)}`.trim();
  const said = `${shownUrl}: ${words}`;
  const says = (patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(words));
  if (isRevert(code, message) || NOT_THERE_YET.test(words)) return new RpcResponseError(code, message, data);
  if (says(OF_BATCH)) return new RpcBatchRefusedError(said, { url: shownUrl, rpcCode: code });
  if (says(TOO_MUCH))
    return new RpcTooMuchError(said, { url: shownUrl, rpcCode: code, rangeMax: suggestedRange(words) });
  if (BUSY_CODES.has(code) || says(TOO_OFTEN))
    return new RpcTooOftenError(said, { url: shownUrl, rpcCode: code, retryAfterMs: askedPauseMs(data) });
  return new RpcResponseError(code, message, data);
}

/** Some gateways say "invalid params", and why beside it. */
function wordsIn(data: unknown): string {
  const { payload } = (data ?? {}) as { readonly payload?: unknown };
  return typeof payload === 'string' ? payload.slice(0, WORDS_MAX) : '';
}

const WORDS_MAX = 500;

/** "this block range should work: [0x1, 0x10]", "limited to a 10,000 range", "up to a 2K block range", "exceeds limit of 500", "retry with the range 1-10". */
function suggestedRange(message: string): number | null {
  const [, from, to] = SUGGESTED_ENDS.exec(message) ?? [];
  if (from !== undefined && to !== undefined) return positive(Number(to) - Number(from) + 1);
  const [, count, thousands] = SUGGESTED_COUNT.exec(message) ?? [];
  if (count === undefined) return null;
  return positive(Number(count.replaceAll(',', '')) * (thousands === undefined ? 1 : 1_000));
}

const SUGGESTED_ENDS = /(?:\[(?=.*\])|retry with the range )(0x[0-9a-f]+|\d+)(?:, ?|-)(0x[0-9a-f]+|\d+)/i;
const SUGGESTED_COUNT =
  /(?:limited to(?: a| 0 -)?|up to(?: a)?|max(?:imum)?(?: is)?(?: set to)?(?: block range(?: of|:| =)?)?|limit(?: is| of)?) ?(\d[\d,]*)(k\b)?(?![\d,]*k?\b(?: results| logs))/i;

const positive = (count: number): number | null => (Number.isSafeInteger(count) && count > 0 ? count : null);

/** Milliseconds for which Infura asks to be left alone; null where a refusal names none, or no time at all. */
function askedPauseMs(data: unknown): number | null {
  const fields = data as { backoff_seconds?: unknown; rate?: { backoff_seconds?: unknown } | null } | null;
  const seconds = fields?.rate?.backoff_seconds ?? fields?.backoff_seconds;
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : null;
}
