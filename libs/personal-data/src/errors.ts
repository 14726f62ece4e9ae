import { AblandError } from '@abland/kernel';

/** The person's key was destroyed: nothing can be stored any more that it would have sealed. */
export class PersonalDataErasedError extends AblandError {
  readonly code = 'PERSONAL_DATA_ERASED';
}

/** What is sealed is not as it was written, or was moved to another person, event or field. */
export class PersonalDataDamagedError extends AblandError {
  readonly code = 'PERSONAL_DATA_DAMAGED';
}

/** Keys of persons are wrapped with a master key that this program was not given. */
export class MasterKeyUnknownError extends AblandError {
  readonly code = 'MASTER_KEY_UNKNOWN';
  override get concernsAll(): boolean {
    return true;
  }
  constructor(unknown: readonly string[], given: readonly string[]) {
    super(
      `Keys of persons are wrapped with master key ${unknown.join(', ')}, and this program was given ${given.join(', ')}`,
      { unknown, given },
    );
  }
}

/** The keys are out of reach for now; the same may be tried again. */
export class PersonalKeysUnavailableError extends AblandError {
  readonly code = 'PERSONAL_KEYS_UNAVAILABLE';
  override readonly failureClass = 'LATER';
}
