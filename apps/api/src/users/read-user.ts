import { type SealedText, userStream } from '@abland/domain';
import type { PersonalDataCipher, PlacedText } from '@abland/personal-data';
import { type ReadModel, type SealedProfile, userByAddress, type UserView } from '@abland/projections';
import type { Profile, User } from './user.types.js';

/** Where a person's data is read, and what opens it. */
export interface UserReading {
  readonly readModel: ReadModel;
  readonly personalData: PersonalDataCipher;
}

/** The caller, to whom all is told. The read models may not have seen a first sign-in yet. */
export async function readCaller(api: UserReading, address: string): Promise<User> {
  return (
    (await readUser(api, address, true)) ?? {
      ...{ address, registeredAt: null, lastSignedInAt: null, profile: null },
      ...{ erased: false, erasedAt: null },
    }
  );
}

/** @param all whether also what is told only to the person and to operators; null where nobody signed in with the address */
export async function readUser(api: UserReading, address: string, all: boolean): Promise<User | null> {
  const user = await userByAddress(api.readModel, address);
  if (user === null || user.registeredAt === null) return null;
  let opened: ReturnType<typeof readProfile> | null = null;
  const profile = () => (opened ??= readProfile(api, user, all));
  return {
    address,
    registeredAt: user.registeredAt,
    lastSignedInAt: all ? user.lastSignedInAt : null,
    get profile() {
      return profile().then((told) => (told === 'erased' ? null : told));
    },
    get erased() {
      return user.erasedAt !== null || profile().then((told) => told === 'erased');
    },
    erasedAt: user.erasedAt,
  };
}

const OPEN_TO_ALL = ['displayName', 'bio', 'avatarUri'] as const;
const OPEN_TO_PERSON = [...OPEN_TO_ALL, 'email'] as const;

/** 'erased' where the key is gone and the read model has not seen the erasure yet. */
async function readProfile(
  { personalData }: UserReading,
  { address, profile, profileUpdatedAt }: UserView,
  all: boolean,
): Promise<Profile | 'erased' | null> {
  if (profile === null || profileUpdatedAt === null) return null;
  const texts = sealedTexts(address, profile, all ? OPEN_TO_PERSON : OPEN_TO_ALL);
  const opened = await personalData.open(texts);
  if (opened.includes(null)) return 'erased';
  const values = new Map(texts.map(({ place }, index) => [place.field, opened[index] ?? null]));
  const value = (field: string): string | null => values.get(field) ?? null;
  return {
    displayName: value('displayName'),
    email: value('email'),
    bio: value('bio'),
    avatarUri: value('avatarUri'),
    updatedAt: profileUpdatedAt,
  };
}

const sealedTexts = (
  address: string,
  profile: SealedProfile,
  fields: readonly (typeof OPEN_TO_PERSON)[number][],
): readonly PlacedText<SealedText>[] =>
  fields.flatMap((field) => {
    const text = profile[field];
    const place = { stream: userStream(address), eventId: profile.eventId, field };
    return text === null ? [] : [{ place, text }];
  });
