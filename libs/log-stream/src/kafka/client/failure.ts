import { AblandError, TimeLimitError } from '@abland/kernel';
import { LogStreamRefusedError, LogStreamUnavailableError } from '../../messages/errors.js';

/** Types of Kafka's errors, names of kafkajs's and codes of Node's for what a person has to mend. */
const REFUSALS: readonly RegExp[] = [
  /AUTHORIZATION_FAILED$/,
  /^SASL_AUTHENTICATION_FAILED$/,
  /^UNSUPPORTED_SASL_MECHANISM$/,
  /^UNSUPPORTED_VERSION$/,
  /^KafkaJSSASLAuthenticationError$/,
  /^ERR_TLS_CERT_ALTNAME_INVALID$/,
  /^(CERT|CRL)_/,
  /SELF_SIGNED_CERT/,
  /^UNABLE_TO_(VERIFY|GET_ISSUER)/,
];

interface ClientError {
  readonly name?: unknown;
  readonly type?: unknown;
  readonly code?: unknown;
  readonly cause?: unknown;
  readonly errors?: readonly unknown[];
}

/** Of Kafka's protocol: OFFSET_OUT_OF_RANGE, say; null where it or any of its causes has none. */
export function errorTypeOf(error: unknown): string | null {
  for (const { type } of causesOf(error)) if (typeof type === 'string') return type;
  return null;
}

/**
 * A failure of the client as one of ours. What nobody can mend but by waiting is the rule: kafkajs throws errors of many kinds, its
 * own slips among them, when a broker goes, and what failed is thrown away with its connections.
 */
export function asStreamError(error: unknown): AblandError {
  if (error instanceof AblandError && !(error instanceof TimeLimitError)) return error;
  const refusal = causesOf(error)
    .flatMap(({ name, type, code }) => [type, code, name])
    .find((said) => typeof said === 'string' && REFUSALS.some((pattern) => pattern.test(said)));
  if (refusal === undefined)
    return new LogStreamUnavailableError('The log stream cannot be reached', {}, error);
  return new LogStreamRefusedError(
    `The log stream refuses this program: ${String(refusal)}`,
    { refusal },
    error,
  );
}

export async function reaching<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw asStreamError(error);
  }
}

/** The error and what it was caused by, the outermost first. */
function causesOf(error: unknown): readonly ClientError[] {
  const causes: ClientError[] = [];
  const left: unknown[] = [error];
  for (let next = left.shift(); next !== undefined && causes.length < 20; next = left.shift()) {
    if (typeof next !== 'object' || next === null) continue;
    const cause = next as ClientError;
    causes.push(cause);
    left.push(cause.cause, ...(Array.isArray(cause.errors) ? (cause.errors as unknown[]) : []));
    left.splice(0, left.length, ...left.filter((one) => one !== undefined && one !== null));
  }
  return causes;
}
