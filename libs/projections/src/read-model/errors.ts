import { AblandError } from '@abland/kernel';

/** A cursor that no page of this list and sort gave out. */
export class InvalidCursorError extends AblandError {
  readonly code = 'INVALID_CURSOR';
  constructor(readonly cursor: string) {
    super('The cursor is not one of this list', { field: 'after' });
  }
}

/** The state that a cursor was begun at can no longer be read, or a reorg took it back: the list must be begun anew. */
export class CursorExpiredError extends AblandError {
  readonly code = 'CURSOR_EXPIRED';
  constructor(readonly cursor: string) {
    super('The state that the cursor is of is gone: begin anew, without `after`', { field: 'after' });
  }
}

const AS_OF_MESSAGES = {
  AS_OF_IN_FUTURE: 'The state asked for is not known yet',
  AS_OF_BEFORE_FIRST: 'Nothing was known yet then',
  AS_OF_NOT_KEPT: 'The state asked for is older than what is kept of the history',
} as const;

export type AsOfCode = keyof typeof AS_OF_MESSAGES;

/** A state of the past that cannot be read; `field` says by which part of what was asked. */
export class AsOfError extends AblandError {
  readonly field: string;
  constructor(
    readonly code: AsOfCode,
    part: string,
    details: Readonly<Record<string, unknown>> = {},
  ) {
    super(AS_OF_MESSAGES[code], details);
    this.field = `asOf.${part}`;
  }
}

/** More swaps than profit is reckoned from. */
export class TooManySwapsError extends AblandError {
  readonly code = 'TOO_MANY_SWAPS';
  constructor(max: number) {
    super(`Profit is reckoned from ${max} swaps of a person in a pool at most`, { max });
  }
}

export class InvalidPageSizeError extends AblandError {
  readonly code = 'INVALID_PAGE_SIZE';
  constructor(first: number, max: number) {
    super(`A page has 1 to ${max} items, ${first} were asked for`, { field: 'first', first, max });
  }
}
