import type { PersonalText, ProfileUpdated, SealedText } from '@abland/domain';
import { BadEventError } from '../engine/errors.js';

/** A profile as its event has it; `eventId` and the person's stream say where it was sealed for. */
export type SealedProfile = {
  readonly eventId: string;
  readonly displayName: SealedText | null;
  readonly email: SealedText | null;
  readonly bio: SealedText | null;
  readonly avatarUri: SealedText | null;
};

/** @throws BadEventError where a text is not sealed: read models are no place for it */
export function sealedProfile(eventId: string, data: ProfileUpdated['data']): SealedProfile {
  return {
    eventId,
    displayName: sealed(data.displayName),
    email: sealed(data.email),
    bio: sealed(data.bio),
    avatarUri: sealed(data.avatarUri),
  };
}

function sealed(text: PersonalText | null): SealedText | null {
  if (typeof text === 'string') throw new BadEventError('A personal text that is not sealed');
  return text;
}
