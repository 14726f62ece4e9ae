import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  parseAvatarUri,
  parseBio,
  parseDisplayName,
  parseEmail,
  parseIdempotencyKey,
  type Profile,
} from '@abland/domain';
import type { Clock, EventStore } from '@abland/kernel';
import type { Confirm } from '../context/confirming.js';
import { inputHashOf } from '../recording/identity.js';
import { PORT } from '../ports/ports.js';
import { aboutUserId, acceptAboutUser } from './accept-about-user.js';
import type { UpdateProfileInput } from './user.inputs.js';
import type { ProfileReceipt } from './user.types.js';

export class UpdateProfile extends Command<ProfileReceipt> {
  constructor(
    readonly caller: string,
    readonly input: UpdateProfileInput,
    readonly correlationId: string,
    readonly confirm: Confirm,
  ) {
    super();
  }
}

@CommandHandler(UpdateProfile)
export class UpdateProfileHandler implements ICommandHandler<UpdateProfile> {
  constructor(
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
  ) {}

  async execute({ caller, confirm, input, correlationId }: UpdateProfile): Promise<ProfileReceipt> {
    const commandId = aboutUserId(caller, parseIdempotencyKey(input.idempotencyKey));
    const profile = parse(input);
    await confirm();
    const inputHash = inputHashOf('updateProfile', { ...profile });
    const at = new Date(this.clock()).toISOString();
    const { log, clock } = this;
    await acceptAboutUser(
      { log, clock },
      {
        ...{ name: 'updateProfile', caller, address: caller, commandId, correlationId, inputHash },
        // Whoever guesses a few words can tell by their hash that they guessed right.
        rejectionHash: inputHashOf('updateProfile', {}),
        command: { type: 'UpdateProfile', commandId, ...profile, inputHash, at },
      },
    );
    return { commandId, address: caller };
  }
}

const parse = ({ displayName, email, bio, avatarUri }: UpdateProfileInput): Profile => ({
  displayName: given(displayName, parseDisplayName),
  email: given(email, parseEmail),
  bio: given(bio, parseBio),
  avatarUri: given(avatarUri, parseAvatarUri),
});

const given = (text: string | null | undefined, parseText: (text: string) => string): string | null =>
  text === null || text === undefined ? null : parseText(text);
