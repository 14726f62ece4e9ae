import type { ErrorCode } from './generated/error-codes.gen.js';

export type { ErrorCode };

/** One of ours; a newer server may have others. */
export type Code = ErrorCode | (string & {});

/** What the API tells of a refusal beside its words. */
export interface RefusalDetails {
  readonly field: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly correlationId: string | null;
  /** Milliseconds after which the server says to come again; null: it does not say. */
  readonly retryAfterMs: number | null;
}

/** The API was asked, and refused. */
export class ApiRefusal extends Error implements RefusalDetails {
  override readonly name = 'ApiRefusal';
  readonly field: string | null;
  readonly details: Readonly<Record<string, unknown>>;
  readonly correlationId: string | null;
  readonly retryAfterMs: number | null;

  constructor(
    readonly code: Code,
    message: string,
    told: RefusalDetails,
  ) {
    super(`${code}: ${message}`);
    this.field = told.field;
    this.details = told.details;
    this.correlationId = told.correlationId;
    this.retryAfterMs = told.retryAfterMs;
  }
}

/** Nothing that is an answer of the API came, however often it was tried: what was asked may have been done. */
export class ApiUnreachable extends Error {
  override readonly name = 'ApiUnreachable';
}

/** Nobody is signed in who could be asked, or nobody to sign. */
export class NotSignedIn extends Error {
  override readonly name = 'NotSignedIn';
}

/** What the API would have signed is not what was asked for. */
export class WrongSignatureRequest extends Error {
  override readonly name = 'WrongSignatureRequest';
}

/** A command came to an end, and not to the wanted one. */
export class CommandFailed<State> extends Error {
  override readonly name = 'CommandFailed';
  constructor(
    message: string,
    readonly command: State,
  ) {
    super(message);
  }
}

/** A command has not come to where it was waited for. It may get there yet: give it again by the same key, and it goes on. */
export class CommandLate extends Error {
  override readonly name = 'CommandLate';
  constructor(
    message: string,
    readonly commandId: string,
  ) {
    super(message);
  }
}

export const hasCode = (error: unknown, ...codes: readonly ErrorCode[]): error is ApiRefusal =>
  error instanceof ApiRefusal && (codes as readonly string[]).includes(error.code);
