import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  orderDecider,
  orderStream,
  parseHash,
  parseUuid,
  poolDecider,
  poolStream,
  tokenDecider,
  tokenStream,
} from '@abland/domain';
import { type CommandContext, handleCommand } from '@abland/kernel';
import { ApiError } from '../../errors/api-error.js';
import { API } from '../../server/dependencies.js';
import type { ApiServices } from '../../server/services.js';
import type { CommandReceipt } from '../command.types.js';
import { type Found, findCommand } from '../find-command.js';
import { eventIds, idOf, inputHashOf } from '../identity.js';
import { deactivationReceipt, orderReceipt, poolReceipt, tokenReceipt } from '../receipt.js';
import { recordingRejection } from '../rejections.js';

export class SubmitTransaction extends Command<CommandReceipt> {
  constructor(
    readonly caller: string,
    readonly commandId: string,
    readonly txHash: string,
    readonly correlationId: string,
  ) {
    super();
  }
}

/** What a wallet tells about its transaction. A help, not a proof: only the chain's facts confirm anything. */
@CommandHandler(SubmitTransaction)
export class SubmitTransactionHandler implements ICommandHandler<SubmitTransaction> {
  constructor(@Inject(API.commandServices) private readonly api: ApiServices) {}

  async execute(command: SubmitTransaction): Promise<CommandReceipt> {
    const { caller, correlationId } = command;
    const commandId = parseUuid(command.commandId, 'commandId');
    const txHash = parseHash(command.txHash, 'txHash');
    const found = await findCommand(this.api, commandId);
    if (found === null) throw new ApiError('COMMAND_NOT_FOUND', 'No such command', 'commandId');
    const name = 'submitTransaction';
    const context: CommandContext = {
      metadata: { correlationId, causationId: commandId, actor: caller },
      eventId: eventIds(commandId, `submitted:${txHash}`),
    };
    // Its own id: a refusal of this must not look like a refusal of the command that it is about.
    const submission = {
      name,
      caller,
      correlationId,
      commandId: idOf(caller.toLowerCase(), name, commandId, txHash),
      inputHash: inputHashOf(name, { commandId, txHash }),
    };
    return recordingRejection(this.api, submission, () =>
      this.submit(found, { commandId, txHash, caller }, context),
    );
  }

  private async submit(
    found: Found,
    told: { readonly commandId: string; readonly txHash: string; readonly caller: string },
    context: CommandContext,
  ): Promise<CommandReceipt> {
    const { store } = this.api;
    const { commandId, txHash, caller: by } = told;
    const { correlationId } = context.metadata;
    switch (found.kind) {
      case 'TOKEN': {
        const command = { type: 'SubmitTokenCreation', txHash, by } as const;
        const { state } = await handleCommand(store, tokenDecider, tokenStream(commandId), command, context);
        return tokenReceipt(this.api, state, correlationId);
      }
      case 'DEACTIVATION': {
        const command = { type: 'SubmitTokenDeactivation', commandId, txHash, by } as const;
        const stream = tokenStream(found.tokenId);
        const { state } = await handleCommand(store, tokenDecider, stream, command, context);
        return deactivationReceipt(this.api, state, commandId, correlationId);
      }
      case 'POOL': {
        const command = { type: 'SubmitPoolCreation', txHash, by } as const;
        const { state } = await handleCommand(store, poolDecider, poolStream(commandId), command, context);
        return poolReceipt(this.api, state, correlationId);
      }
      case 'ORDER': {
        const command = { type: 'SubmitOrder', txHash, by } as const;
        const { state } = await handleCommand(store, orderDecider, orderStream(commandId), command, context);
        return orderReceipt(this.api, state, correlationId);
      }
    }
  }
}
