import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { recoverForwardRequestSigner } from '@abland/chain';
import { parseUuid, relayDecider, relayStream } from '@abland/domain';
import { handleCommand, loadAggregate } from '@abland/kernel';
import { ApiError } from '../../errors/api-error.js';
import { API } from '../../server/dependencies.js';
import type { ApiServices } from '../../server/services.js';
import type { CommandReceipt } from '../command.types.js';
import { findCommand, type Found } from '../find-command.js';
import { eventIds, idOf, inputHashOf } from '../identity.js';
import { deactivationReceipt, orderReceipt, poolReceipt, tokenReceipt } from '../receipt.js';
import { recordingRejection } from '../rejections.js';

export class SubmitSignature extends Command<CommandReceipt> {
  constructor(
    readonly caller: string,
    readonly commandId: string,
    readonly signature: string,
    readonly correlationId: string,
  ) {
    super();
  }
}

/** Hands a relayed command's signed request to our sender. */
@CommandHandler(SubmitSignature)
export class SubmitSignatureHandler implements ICommandHandler<SubmitSignature> {
  constructor(@Inject(API.commandServices) private readonly api: ApiServices) {}

  async execute({ caller, correlationId, ...given }: SubmitSignature): Promise<CommandReceipt> {
    const commandId = parseUuid(given.commandId, 'commandId');
    const signature = parseSignature(given.signature);
    const { chainId, forwarder } = this.api.config.chain;
    if (forwarder === null) {
      throw new ApiError('RELAY_UNAVAILABLE', 'This server sends no relayed commands', 'commandId');
    }
    const { state } = await loadAggregate(this.api.store, relayDecider, relayStream(commandId));
    const found = await findCommand(this.api, commandId);
    if (found === null) throw new ApiError('COMMAND_NOT_FOUND', 'No such command', 'commandId');
    const name = 'submitSignature';
    const submission = {
      name,
      caller,
      correlationId,
      commandId: idOf(caller.toLowerCase(), name, commandId, signature),
      inputHash: inputHashOf(name, { commandId, signature }),
    };
    const signer =
      state.status === 'NONE'
        ? null
        : recoverForwardRequestSigner({ chainId, forwarder }, state.request, signature);
    await recordingRejection(this.api, submission, () =>
      handleCommand(
        this.api.store,
        relayDecider,
        relayStream(commandId),
        { type: 'AuthorizeRelay', signature, signer, at: new Date(this.api.clock()).toISOString() },
        {
          metadata: { correlationId, causationId: commandId, actor: caller },
          eventId: eventIds(commandId, 'authorized'),
        },
      ),
    );
    return this.receipt(found, commandId, correlationId);
  }

  private receipt(found: Found, commandId: string, correlationId: string): Promise<CommandReceipt> {
    switch (found.kind) {
      case 'TOKEN':
        return tokenReceipt(this.api, found.state, correlationId);
      case 'DEACTIVATION':
        return deactivationReceipt(this.api, found.state, commandId, correlationId);
      case 'POOL':
        return poolReceipt(this.api, found.state, correlationId);
      case 'ORDER':
        return orderReceipt(this.api, found.state, correlationId);
    }
  }
}

/** @throws ApiError INVALID_SIGNATURE */
function parseSignature(text: string): string {
  if (!/^0x[0-9a-fA-F]{130}$/.test(text)) {
    throw new ApiError('INVALID_SIGNATURE', 'A signature is 0x and 130 hexadecimal digits', 'signature');
  }
  return text.toLowerCase();
}
