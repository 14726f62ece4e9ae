import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  parseDecimals,
  parseDescription,
  parseSupply,
  parseTokenName,
  parseTokenSymbol,
  tokenDecider,
  tokenStream,
} from '@abland/domain';
import { API } from '../../server/dependencies.js';
import type { ApiServices } from '../../server/services.js';
import { storeTokenMetadata } from '../../metadata/token-metadata.js';
import { accept } from '../accept.js';
import type { CreateTokenInput } from '../command.inputs.js';
import type { CommandReceipt } from '../command.types.js';
import { sealEnvelope } from '../envelope.js';
import { tokenReceipt } from '../receipt.js';

export class CreateToken extends Command<CommandReceipt> {
  constructor(
    readonly caller: string,
    readonly input: CreateTokenInput,
    readonly correlationId: string,
  ) {
    super();
  }
}

@CommandHandler(CreateToken)
export class CreateTokenHandler implements ICommandHandler<CreateToken> {
  constructor(@Inject(API.commandServices) private readonly api: ApiServices) {}

  async execute({ caller, input, correlationId }: CreateToken): Promise<CommandReceipt> {
    const token = parse(input);
    const envelope = sealEnvelope({
      name: 'createToken',
      caller,
      correlationId,
      input,
      meant: { ...token, supply: token.supply.toString() },
    });
    const state = await accept(this.api, {
      envelope,
      decider: tokenDecider,
      stream: tokenStream(envelope.commandId),
      knownInput: (known) => (known.status === 'NONE' ? null : known.request.inputHash),
      prepare: async (request) => ({
        type: 'RequestTokenCreation' as const,
        tokenId: envelope.commandId,
        creator: caller,
        ...token,
        metadataURI: await storeTokenMetadata(this.api.pool, token),
        ...request,
      }),
    });
    return tokenReceipt(this.api, state, correlationId);
  }
}

function parse(input: CreateTokenInput) {
  return {
    name: parseTokenName(input.name),
    symbol: parseTokenSymbol(input.symbol),
    supply: parseSupply(input.supply, 'supply'),
    decimals: parseDecimals(input.decimals),
    description: parseDescription(input.description),
  };
}
