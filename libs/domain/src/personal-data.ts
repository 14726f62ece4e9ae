import type { AnyEvent, EventType } from './any-event.js';
import type { SealedText } from './user/personal-text.js';

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
