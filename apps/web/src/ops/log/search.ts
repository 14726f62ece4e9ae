import type { LogEventsQueryVariables } from '../../api/operations.gen.js';

/** What is looked for, as the page's address has it. */
export interface Search {
  /** A stream's whole name, or the beginning of several with `*` behind it. */
  readonly stream: string;
  /** Separated by commas. */
  readonly types: string;
  readonly correlationId: string;
  /** From which place of the log on, oldest first; empty: the newest first. */
  readonly after: string;
}

export const searchOf = (parameters: URLSearchParams): Search => ({
  stream: parameters.get('stream') ?? '',
  types: parameters.get('types') ?? '',
  correlationId: parameters.get('correlation') ?? '',
  after: /^\d+$/.test(parameters.get('after') ?? '') ? (parameters.get('after') ?? '') : '',
});

export const isWide = ({ after, correlationId, stream, types }: Search): boolean =>
  [after, correlationId, stream, types].every((text) => text.trim() === '');

const FIRST = 60;

/** @param place where the page before ended; null: the first page */
export function variablesOf(search: Search, place: string | null): LogEventsQueryVariables {
  const stream = search.stream.trim();
  const types = search.types.split(/[\s,]+/).filter((type) => type !== '');
  const correlationId = search.correlationId.trim();
  return {
    first: FIRST,
    ...(stream === '' ? {} : stream.endsWith('*') ? { streamPrefix: stream.slice(0, -1) } : { stream }),
    ...(types.length === 0 ? {} : { types }),
    ...(correlationId === '' ? {} : { correlationId }),
    ...(search.after === '' ? (place === null ? {} : { before: place }) : { after: place ?? search.after }),
  };
}
