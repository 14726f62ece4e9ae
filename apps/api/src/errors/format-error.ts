import { unwrapResolverError } from '@apollo/server/errors';
import type { DomainErrorCode } from '@abland/domain';
import {
  AblandError,
  DomainError,
  type Logger,
  LogMismatchError,
  mayPass,
  Outages,
  WrongExpectedRevisionError,
} from '@abland/kernel';
import { isPassingFailure, isRefusedByDatabase } from '@abland/postgres';
import {
  AsOfError,
  CursorExpiredError,
  InvalidCursorError,
  InvalidPageSizeError,
  isBuildRefusal,
  ReadModelNotYetError,
  TooManySwapsError,
} from '@abland/projections';
import { GraphQLError, type GraphQLFormattedError } from 'graphql';
import { currentCorrelationId } from '../http/request-context.js';
import { ApiError } from './api-error.js';
import { apiErrorCodes } from './codes.js';
import { fieldOfValidationError } from './validation-field.js';

interface Told {
  readonly message: string;
  readonly code: string;
  readonly field: string | null;
  readonly details: Readonly<Record<string, unknown>>;
}

const hidden: Told = {
  message: 'Internal error',
  code: 'INTERNAL_SERVER_ERROR',
  field: null,
  details: {},
};

/** Apollo's own codes by the name that the API gives them. */
const apolloCodes: Readonly<Record<string, string>> = {
  BAD_USER_INPUT: 'GRAPHQL_VALIDATION_FAILED',
  PERSISTED_QUERY_NOT_SUPPORTED: 'BAD_REQUEST',
};

/**
 * The one mapping from what went wrong to what the caller is told; whatever it does not know is logged and hidden, as is what is out of
 * reach: each that goes on with its first request, and with how many there were.
 */
export function createErrorFormatter(
  logger: Logger,
): (formatted: GraphQLFormattedError, error: unknown) => GraphQLFormattedError {
  const failed = new Outages({ logger, message: 'request failed', level: 'error' });
  const away = new Outages({ logger, message: 'a part that requests need is out of reach' });
  return (formatted, error) => {
    const cause = unwrapResolverError(error);
    const told = tell(cause, formatted);
    const fields = { path: formatted.path, correlationId: currentCorrelationId() };
    if (told.code === hidden.code) failed.note(cause, fields);
    else if (told.code === unavailable().code) away.note(cause, fields);
    return {
      message: told.message,
      ...(formatted.locations === undefined ? {} : { locations: formatted.locations }),
      ...(formatted.path === undefined ? {} : { path: formatted.path }),
      extensions: {
        code: told.code,
        field: told.field,
        details: told.details,
        correlationId: currentCorrelationId(),
      },
    };
  };
}

function tell(cause: unknown, formatted: GraphQLFormattedError): Told {
  if (cause instanceof DomainError && missingRights.has(cause.code)) {
    const details = { ...jsonSafe(cause.details), reason: cause.code };
    return { message: cause.message, code: 'FORBIDDEN', field: cause.field, details };
  }
  if (cause instanceof InvalidCursorError || cause instanceof InvalidPageSizeError) {
    const field = String(cause.details['field']);
    return { message: cause.message, code: 'INVALID_PAGINATION', field, details: {} };
  }
  if (cause instanceof CursorExpiredError) {
    return { message: cause.message, code: cause.code, field: 'after', details: {} };
  }
  if (cause instanceof AsOfError) {
    return { message: cause.message, code: cause.code, field: cause.field, details: jsonSafe(cause.details) };
  }
  if (cause instanceof TooManySwapsError) {
    return { message: cause.message, code: cause.code, field: 'user', details: jsonSafe(cause.details) };
  }
  if (cause instanceof ReadModelNotYetError) {
    return { message: cause.message, code: cause.code, field: null, details: jsonSafe(cause.details) };
  }
  if (isBuildRefusal(cause)) {
    const field = cause.code === 'UNKNOWN_PROJECTION' ? 'projection' : 'build';
    return { message: cause.message, code: cause.code, field, details: jsonSafe(cause.details) };
  }
  if (cause instanceof ApiError || cause instanceof DomainError) {
    return { message: cause.message, code: cause.code, field: cause.field, details: jsonSafe(cause.details) };
  }
  // Others wrote the same stream first, every time: the same request finds what they wrote.
  if (cause instanceof WrongExpectedRevisionError) return unavailable();
  // Nothing was written; operators see it in what the readiness says.
  if (cause instanceof LogMismatchError) return unavailable();
  if (cause instanceof AblandError) return mayPass(cause.failureClass) ? unavailable() : hidden;
  if (isPassingFailure(cause) || isRefusedByDatabase(cause)) return unavailable();
  return cause instanceof GraphQLError ? tellGraphQL(cause, formatted) : hidden;
}

/** Refusals for want of a right are one code to a caller; the rule that refused is its reason. */
const missingRights: ReadonlySet<string> = new Set<DomainErrorCode>([
  'NOT_THE_CREATOR',
  'NOT_AN_OPERATOR',
  'NOT_AN_ADMIN',
  'NOT_A_CREATOR',
  'OWN_ROLE',
]);

function tellGraphQL(cause: GraphQLError, formatted: GraphQLFormattedError): Told {
  const given = formatted.extensions?.['code'];
  const code = typeof given === 'string' ? (apolloCodes[given] ?? given) : hidden.code;
  if (!(code in apiErrorCodes) || code === hidden.code) return hidden;
  const field = formatted.extensions?.['field'];
  const details = formatted.extensions?.['details'];
  return {
    message: code === 'GRAPHQL_PARSE_FAILED' ? parsersWords(cause.message) : cause.message,
    code,
    field: typeof field === 'string' ? field : fieldOfValidationError(cause),
    details: typeof details === 'object' && details !== null ? jsonSafe({ ...details }) : {},
  };
}

/** The parser calls itself for what is nested: what is nested too deeply ends it with words of the engine. */
const parsersWords = (message: string): string =>
  message.startsWith('Syntax Error') ? message : 'The document is nested too deeply to be read';

const unavailable = (): Told => ({
  message: 'A part that this needs is out of reach; try again',
  code: 'SERVICE_UNAVAILABLE',
  field: null,
  details: {},
});

/** Amounts are bigint in memory and text on the wire. */
function jsonSafe(details: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(details).map(([key, value]) => [
      key,
      typeof value === 'bigint' ? value.toString() : value,
    ]),
  );
}
