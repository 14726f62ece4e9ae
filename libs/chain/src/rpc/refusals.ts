import { RpcResponseError, RpcTooMuchError, RpcTooOftenError } from './errors.js';

/** The error of a JSON-RPC answer; providers leave out any part of it. */
export interface RpcRefusal {
  readonly code: number;
  readonly message: string;
  readonly data: unknown;
}

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
/** What a contract says. */
const REVERTED = /execution reverted|reverted/i;

/** The error that a refusal of a provider stands for, by its code and its words. */
export function errorOf(shownUrl: string, { code, data, message }: RpcRefusal): Error {
  const said = `${shownUrl}: ${message}`;
  const says = (patterns: readonly RegExp[]): boolean => patterns.some((pattern) => pattern.test(message));
  if (code === 3 || REVERTED.test(message)) return new RpcResponseError(code, message, data);
  if (says(TOO_MUCH))
    return new RpcTooMuchError(said, { url: shownUrl, rpcCode: code, rangeMax: suggestedRange(message) });
  if (BUSY_CODES.has(code) || says(TOO_OFTEN))
    return new RpcTooOftenError(said, { url: shownUrl, rpcCode: code });
  return new RpcResponseError(code, message, data);
}

/** "this block range should work: [0x1, 0x10]", "limited to a 10,000 range", "up to a 500 block range". */
function suggestedRange(message: string): number | null {
  const [, from, to] = /\[(0x[0-9a-f]+), ?(0x[0-9a-f]+)\]/i.exec(message) ?? [];
  if (from !== undefined && to !== undefined) return positive(Number(to) - Number(from) + 1);
  const [, count] =
    /(?:limited to(?: a| 0 -)?|up to(?: a)?|maximum(?: is)?(?: set to)?|range limit(?: is)?) ?([\d,]+)(?! results)/i.exec(
      message,
    ) ?? [];
  return count === undefined ? null : positive(Number(count.replaceAll(',', '')));
}

const positive = (count: number): number | null => (Number.isSafeInteger(count) && count > 0 ? count : null);
