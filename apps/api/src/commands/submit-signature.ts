import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { canonicalSignature, recoverForwardRequestSigner } from '@abland/chain';
import { type AcceptedRequest, parseUuid } from '@abland/domain';
import type { Clock, EventStore } from '@abland/kernel';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { requireForwarder } from '../served-chains/served-chain.js';
import { ApiError } from '../errors/api-error.js';
import { PORT } from '../ports/ports.js';
import { eventIds, idOf, inputHashOf } from '../recording/identity.js';
import { recordingRejection } from '../recording/rejections.js';
import { Receipts } from './receipts.js';
import { RelayForms } from './relay-forms.js';
import { RequestRepository } from './request/request-repository.js';
import type { CommandReceipt } from './types/command.types.js';

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
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(RequestRepository) private readonly requests: RequestRepository,
    @Inject(RelayForms) private readonly forms: RelayForms,
    @Inject(Receipts) private readonly receipts: Receipts,
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(PORT.clock) private readonly clock: Clock,
  ) {}

  async execute({ caller, correlationId, ...given }: SubmitSignature): Promise<CommandReceipt> {
    const commandId = parseUuid(given.commandId, 'commandId');
    const signature = parseSignature(given.signature);
    const name = 'submitSignature';
    const context = {
      metadata: { correlationId, causationId: commandId, actor: caller },
      eventId: eventIds(commandId, `authorized:${signature}`),
    };
    const { log, clock } = this;
    const request = await this.requests.change(commandId, context, (loaded) => {
      loaded.assertOf(caller);
      const submission = {
        ...{ name, caller, correlationId, chainId: loaded.state.request.chainId },
        commandId: idOf(caller.toLowerCase(), name, commandId, signature),
        inputHash: inputHashOf(name, { commandId, signature }),
      };
      const signer = this.signerOf(loaded.state, signature);
      const at = new Date(clock()).toISOString();
      return recordingRejection({ log, clock }, submission, async () => {
        const form = loaded.state.relay;
        loaded.ask({ type: 'AuthorizeRelay', signature, signer, at });
        if (form?.status !== 'REQUESTED' || loaded.state.relay === form) return;
        await this.forms.take(loaded.state, form.forward, correlationId);
      });
    });
    return this.receipts.of(request);
  }

  /** @throws ApiError RELAY_UNAVAILABLE */
  private signerOf({ request, relay }: AcceptedRequest, signature: string): string | null {
    const forwarder = requireForwarder(this.chains.byId(request.chainId), 'commandId');
    return relay === null ? null : recoverForwardRequestSigner(forwarder, relay.forward, signature);
  }
}

/** @throws ApiError INVALID_SIGNATURE */
function parseSignature(text: string): string {
  const signature = /^0x[0-9a-fA-F]{130}$/.test(text) ? canonicalSignature(text) : null;
  if (signature !== null) return signature;
  throw new ApiError(
    'INVALID_SIGNATURE',
    'A signature is 0x and 130 hexadecimal digits, the last two its v',
    'signature',
  );
}
