import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { parseHash, parseUuid } from '@abland/domain';
import type { Clock, EventStore } from '@abland/kernel';
import { PORT } from '../ports/ports.js';
import { eventIds, idOf, inputHashOf } from '../recording/identity.js';
import { recordingRejection } from '../recording/rejections.js';
import { Receipts } from './receipts.js';
import { RequestRepository } from './request/request-repository.js';
import type { CommandReceipt } from './types/command.types.js';

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
  constructor(
    @Inject(RequestRepository) private readonly requests: RequestRepository,
    @Inject(Receipts) private readonly receipts: Receipts,
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
  ) {}

  async execute({ caller, correlationId, ...given }: SubmitTransaction): Promise<CommandReceipt> {
    const commandId = parseUuid(given.commandId, 'commandId');
    const txHash = parseHash(given.txHash, 'txHash');
    const name = 'submitTransaction';
    const context = {
      metadata: { correlationId, causationId: commandId, actor: caller },
      eventId: eventIds(commandId, `submitted:${txHash}`),
    };
    const { log, clock } = this;
    const request = await this.requests.change(commandId, context, (loaded) => {
      loaded.assertOf(caller);
      const submission = {
        ...{ name, caller, correlationId, chainId: loaded.state.request.chainId },
        // Its own id: a refusal of this must not look like a refusal of the command that it is about.
        commandId: idOf(caller.toLowerCase(), name, commandId, txHash),
        inputHash: inputHashOf(name, { commandId, txHash }),
      };
      return recordingRejection({ log, clock }, submission, async () =>
        loaded.ask({ type: 'SubmitRequest', txHash, by: caller }),
      );
    });
    return this.receipts.of(request);
  }
}
