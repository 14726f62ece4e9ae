import { AblandError } from '@abland/kernel';

export type PostgresErrorCode =
  | 'POSTGRES_UNSUPPORTED'
  | 'POSTGRES_START_FAILED'
  | 'POSTGRES_USER_MISSING'
  | 'DATA_DAMAGED'
  | 'DATA_VERSION_NEWER';

export class PostgresError extends AblandError {
  constructor(
    readonly code: PostgresErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, {}, cause);
  }
}
