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

export class InvalidPageSizeError extends AblandError {
  readonly code = 'INVALID_PAGE_SIZE';
  constructor(first: number, max: number) {
    super(`A page has 1 to ${max} items, ${first} were asked for`, { field: 'first', first, max });
  }
}
