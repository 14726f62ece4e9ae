import { AblandError } from '@abland/kernel';

/** A cursor that no page of this list and sort gave out. */
export class InvalidCursorError extends AblandError {
  readonly code = 'INVALID_CURSOR';
  constructor(readonly cursor: string) {
    super('The cursor is not one of this list', { field: 'after' });
  }
}

export class InvalidPageSizeError extends AblandError {
  readonly code = 'INVALID_PAGE_SIZE';
  constructor(first: number, max: number) {
    super(`A page has 1 to ${max} items, ${first} were asked for`, { field: 'first', first, max });
  }
}
