import { AblandError } from '@abland/kernel';
import type { ApiErrorCode } from './codes.js';

/** What the API refuses by itself, safe to show as it is. `field` is the path of the input at fault. */
export class ApiError extends AblandError {
  constructor(
    readonly code: ApiErrorCode,
    message: string,
    readonly field: string | null = null,
    details: Readonly<Record<string, unknown>> = {},
    cause?: unknown,
  ) {
    super(message, details, cause);
  }
}
