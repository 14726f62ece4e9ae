import { AblandError } from '@abland/kernel';

/** The person's key was destroyed: nothing about this person can be stored any more. */
export class PersonalDataErasedError extends AblandError {
  readonly code = 'PERSONAL_DATA_ERASED';
}

/** Encrypted data is not as it was written, or was moved to another person, event or field. */
export class PersonalDataDamagedError extends AblandError {
  readonly code = 'PERSONAL_DATA_DAMAGED';
}
