import type { AnyEvent, EventType } from './catalogue.js';

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

type DataOf<Type extends EventType> = Extract<AnyEvent, { type: Type }>['data'];
type PersonalFieldOf<Data> = {
  [Field in keyof Data]-?: SealedText extends Data[Field] ? Field : never;
}[keyof Data];
type PersonalEventType = {
  [Type in EventType]: [PersonalFieldOf<DataOf<Type>>] extends [never] ? never : Type;
}[EventType];

/**
 * Every personal field of every event. The compiler holds it to the shapes: each field that is a PersonalText is here, and
 * no other. The schemas are derived with it, and the store seals by it.
 */
export const PERSONAL_FIELDS = {
  ProfileUpdated: { avatarUri: true, bio: true, displayName: true, email: true, inputHash: true },
} as const satisfies {
  readonly [Type in PersonalEventType]: { readonly [Field in PersonalFieldOf<DataOf<Type>>]: true };
};

/**
 * Names the key that a person's data is encrypted with: one for each registration, for an erasure ends the registration and
 * destroys its key, and the person may come back.
 */
export const personalDataSubject = (address: string, registration: number): string =>
  `${address.toLowerCase()}/${registration}`;
