/**
 * What a failure asks of whoever meets it:
 * - LATER: the same again, after a pause.
 * - LESS: the same again, but less of it at once.
 * - ANOTHER: the same of another provider.
 * - WRONG: a setting, a request or the world is not as it must be: say so, and wait for a person.
 * - OURS: a defect of this program: say so loudly.
 */
export type FailureClass = 'LATER' | 'LESS' | 'ANOTHER' | 'WRONG' | 'OURS';

/** The base of every typed error: a literal code that never changes, the values at fault, and what the failure asks for. */
export abstract class AblandError extends Error {
  abstract readonly code: string;
  readonly failureClass: FailureClass = 'WRONG';
  /**
   * Whether whoever meets it stands still until a person has decided about what is here: then nothing that another program
   * could do about it is wanted, and none is let to.
   */
  get awaitsDecision(): boolean {
    return false;
  }
  /**
   * Whether it is met whatever is asked, until a person has put right what is asked of: a login, a key, the log itself. What was being
   * done is not at fault, and is not given up for it.
   */
  get concernsAll(): boolean {
    return false;
  }
  /** The values at fault, safe to show to the caller. */
  readonly details: Readonly<Record<string, unknown>>;

  constructor(message: string, details: Readonly<Record<string, unknown>> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = new.target.name;
    this.details = details;
  }
}

/** An invariant of ours does not hold: a defect or a damaged store, never the caller's fault. */
export class InvariantViolation extends AblandError {
  readonly code = 'INVARIANT_VIOLATION';
  override readonly failureClass = 'OURS';
}

/** Fails loudly where something that must hold does not. */
export function invariant(
  condition: unknown,
  message: string,
  details: Readonly<Record<string, unknown>> = {},
): asserts condition {
  if (!condition) throw new InvariantViolation(message, details);
}
