import { ApiRefusal, ApiUnreachable } from './errors.js';

export interface Request {
  readonly query: string;
  readonly variables: object;
  readonly operationName?: string;
}

export interface Answer<Data> {
  readonly data: Data;
  /** Where in the log the answer is at least; null where the server does not say. */
  readonly position: string | null;
}

interface ToldError {
  readonly message: string;
  readonly extensions?: {
    readonly code?: string;
    readonly field?: string | null;
    readonly details?: Readonly<Record<string, unknown>>;
    readonly correlationId?: string | null;
  };
}

/**
 * One request over HTTP.
 * @throws ApiRefusal, ApiUnreachable
 */
export async function post<Data>(
  url: string,
  request: Request,
  headers: Readonly<Record<string, string>>,
  answerMs: number,
): Promise<Answer<Data>> {
  let response: Response;
  let body: { readonly data?: Data | null; readonly errors?: readonly ToldError[] };
  try {
    response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(request),
      signal: AbortSignal.timeout(answerMs),
    });
    body = (await response.json()) as typeof body;
  } catch (cause) {
    throw new ApiUnreachable(`No answer of ${url}`, { cause });
  }
  const [error] = body.errors ?? [];
  if (error !== undefined) throw refusalOf(error, response.headers);
  if (body.data === undefined || body.data === null)
    throw new ApiUnreachable(`${url} answered ${response.status} without data`);
  return { data: body.data, position: response.headers.get('x-position') };
}

export function refusalOf({ extensions = {}, message }: ToldError, headers?: Headers): ApiRefusal {
  const { code = 'INTERNAL_SERVER_ERROR', correlationId = null, details = {}, field = null } = extensions;
  const seconds = Number(headers?.get('retry-after') ?? Number.NaN);
  const retryAfterMs = Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
  return new ApiRefusal(code, message, { field, details, correlationId, retryAfterMs });
}
