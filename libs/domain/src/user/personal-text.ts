/** A text about a person as the log keeps it: encrypted with a key of that person alone. */
export type SealedText = {
  /**
   * Names the key: see `personalDataSubject`.
   * @pattern ^0x[0-9a-f]{40}/[1-9][0-9]*$
   */
  readonly encryptedFor: string;
  /**
   * Base64.
   * @pattern ^[A-Za-z0-9+/]+={0,2}$
   */
  readonly value: string;
};

/**
 * A text about a person. Whoever holds the keys writes and reads it as text; the log, its copies and its other readers have
 * it sealed.
 */
export type PersonalText = string | SealedText;

/**
 * Names the key that a person's data is encrypted with: one for each registration, for an erasure ends the registration and
 * destroys its key, and the person may come back.
 */
export const personalDataSubject = (address: string, registration: number): string =>
  `${address.toLowerCase()}/${registration}`;
