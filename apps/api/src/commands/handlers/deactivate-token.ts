import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { parseAddress, refusal, tokenDecider, tokenStream } from '@abland/domain';
import { tokenByAddress } from '@abland/projections';
import { getAddress } from 'ethers';
import { API } from '../../server/dependencies.js';
import type { ApiServices } from '../../server/services.js';
import { accept } from '../accept.js';
import type { DeactivateTokenInput } from '../command.inputs.js';
import type { CommandReceipt } from '../command.types.js';
import { sealEnvelope } from '../envelope.js';
import { deactivationReceipt } from '../receipt.js';

export class DeactivateToken extends Command<CommandReceipt> {
  constructor(
    readonly caller: string,
    readonly input: DeactivateTokenInput,
    readonly correlationId: string,
  ) {
    super();
  }
}

@CommandHandler(DeactivateToken)
export class DeactivateTokenHandler implements ICommandHandler<DeactivateToken> {
  constructor(@Inject(API.commandServices) private readonly api: ApiServices) {}

  async execute({ caller, input, correlationId }: DeactivateToken): Promise<CommandReceipt> {
    const tokenAddress = parseAddress(input.tokenAddress, 'tokenAddress', getAddress);
    const envelope = sealEnvelope({
      name: 'deactivateToken',
      caller,
      correlationId,
      input,
      meant: { tokenAddress },
    });
    const { commandId } = envelope;
    const token = await tokenByAddress(this.api.readModel, tokenAddress);
    if (token === null || token.requestId === null) {
      throw refusal('UNKNOWN_TOKEN', 'No token at this address was created here', 'tokenAddress');
    }
    const state = await accept(this.api, {
      envelope,
      decider: tokenDecider,
      stream: tokenStream(token.requestId),
      knownInput: (known) => (known.status === 'NONE' ? null : (known.deactivationInputs[commandId] ?? null)),
      prepare: async (request) => ({
        type: 'RequestTokenDeactivation' as const,
        commandId,
        requestedBy: caller,
        ...request,
      }),
    });
    return deactivationReceipt(this.api, state, commandId, correlationId);
  }
}
