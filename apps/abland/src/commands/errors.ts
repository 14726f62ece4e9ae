import { AblandError } from '@abland/kernel';

/** An event or an operation that was asked for is not in the log. */
export class NotThereError extends AblandError {
  readonly code: 'EVENT_NOT_FOUND' | 'OPERATION_NOT_FOUND';

  constructor(what: 'event' | 'operation', name: string) {
    super(`There is no ${what} ${name}`, { [what]: name });
    this.code = what === 'event' ? 'EVENT_NOT_FOUND' : 'OPERATION_NOT_FOUND';
  }
}

/** The copying of a log was stopped before its end. */
export class CopyStoppedError extends AblandError {
  readonly code = 'COPY_STOPPED';
}
