import { withoutSecrets } from '@abland/kernel';
import {
  MalformedAnswerError,
  RpcBatchRefusedError,
  RpcTooMuchError,
  RpcUnavailableError,
} from './errors.js';
import { errorOf, type RpcRefusal } from './refusals.js';

export interface RpcRequest {
  readonly method: string;
  readonly params: readonly unknown[];
}

/** One way to one provider. Results come in the order of the requests. */
export interface RpcTransport {
  /** What logs and errors call it: its URL without what may be a key. */
  readonly shownUrl: string;
  /**
   * @throws RpcUnavailableError, RpcTooMuchError, RpcBatchRefusedError for the whole batch
   * @throws what the first request that was refused stands for
   */
  batch(requests: readonly RpcRequest[]): Promise<readonly unknown[]>;
  /** How many connections were opened; behind a new one may be another node. Absent where that is not known. */
  readonly connections?: number;
  close(): void;
}

/** Longer answers are not read to their end: less must be asked for. */
export const ANSWER_BYTES_MAX = 64 * 1024 * 1024;
/** Characters of what a provider says of a refusal. */
const REFUSAL_LENGTH_MAX = 500;

export const encodeBatch = (requests: readonly RpcRequest[], firstId: number): object[] =>
  requests.map(({ method, params }, index) => ({ jsonrpc: '2.0', id: firstId + index, method, params }));

/** The results of a batch from its answers, which may come in any order. */
export function decodeBatch(
  shownUrl: string,
  answers: unknown,
  firstId: number,
  requests: readonly RpcRequest[],
): unknown[] {
  if (!Array.isArray(answers) && requests.length > 1) throw wholeRefusal(shownUrl, answers);
  const byId = new Map(
    (Array.isArray(answers) ? answers : [answers]).map((answer: unknown) => [idOf(answer), answer]),
  );
  return requests.map(({ method }, index) => {
    // A refusal may leave out the id.
    const answer = byId.get(firstId + index) ?? (requests.length === 1 ? byId.get(null) : undefined);
    return resultOf(shownUrl, method, answer);
  });
}

/** Some give a number back as text. */
export function idOf(answer: unknown): number | null {
  const id = fieldsOf(answer)?.['id'];
  if (typeof id === 'number') return id;
  return typeof id === 'string' && /^\d+$/.test(id) ? Number(id) : null;
}

function resultOf(shownUrl: string, method: string, answer: unknown): unknown {
  const fields = fieldsOf(answer);
  if (fields === null) {
    throw new RpcUnavailableError(`${shownUrl}: no answer to ${method}`, { url: shownUrl, method });
  }
  if (fields['error'] !== undefined && fields['error'] !== null)
    throw errorOf(shownUrl, refusalOf(fields['error']));
  if (fields['result'] !== undefined) return fields['result'];
  throw new MalformedAnswerError(`${shownUrl}: the answer to ${method} has neither a result nor an error`, {
    ...{ provider: shownUrl, method, field: 'result' },
  });
}

/** One object where a list was asked for: a limit of batches, or of everything. */
function wholeRefusal(shownUrl: string, answer: unknown): Error {
  const error = fieldsOf(answer)?.['error'];
  const refusal = errorOf(shownUrl, refusalOf(error));
  if (refusal instanceof RpcUnavailableError || refusal instanceof RpcTooMuchError) return refusal;
  return new RpcBatchRefusedError(`${shownUrl} refuses a whole batch: ${refusalOf(error).message}`, {
    url: shownUrl,
  });
}

function refusalOf(error: unknown): RpcRefusal {
  const fields = fieldsOf(error) ?? {};
  const { code, data, message } = fields;
  const said = typeof message === 'string' ? message : typeof error === 'string' ? error : 'unknown error';
  return {
    code: typeof code === 'number' ? code : 0,
    message: withoutSecrets(said, REFUSAL_LENGTH_MAX),
    data,
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> | null {
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : null;
}
