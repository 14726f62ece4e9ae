import { AblandError } from './abland-error.js';
import { DomainError } from './domain-error.js';

/** An error of a library to which whoever uses the library gave a name of ours. */
export interface NamedFailure {
  readonly toldAs: string;
}

/** The literal code that a failure is told by; what nobody foresaw is UNEXPECTED. */
export function codeOf(error: unknown): string {
  if (error instanceof AblandError || error instanceof DomainError) return error.code;
  const { toldAs } = (error ?? {}) as Partial<NamedFailure>;
  return toldAs ?? 'UNEXPECTED';
}
