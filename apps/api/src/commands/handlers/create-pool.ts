import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  parseAddress,
  parseAmount,
  poolDecider,
  poolStream,
  UINT128_MAX,
  type KnownToken,
} from '@abland/domain';
import { balanceOf, poolById, tokensByAddresses } from '@abland/projections';
import { getAddress } from 'ethers';
import { poolIdOf } from '../../market/pool-id.js';
import { API } from '../../server/dependencies.js';
import type { ApiServices } from '../../server/services.js';
import { accept } from '../accept.js';
import type { CreatePoolInput } from '../command.inputs.js';
import type { CommandReceipt } from '../command.types.js';
import { sealEnvelope } from '../envelope.js';
import { poolReceipt } from '../receipt.js';

export class CreatePool extends Command<CommandReceipt> {
  constructor(
    readonly caller: string,
    readonly input: CreatePoolInput,
    readonly correlationId: string,
  ) {
    super();
  }
}

interface Wanted {
  readonly poolId: string;
  readonly tokenA: string;
  readonly tokenB: string;
  readonly amountA: bigint;
  readonly amountB: bigint;
}

@CommandHandler(CreatePool)
export class CreatePoolHandler implements ICommandHandler<CreatePool> {
  constructor(@Inject(API.commandServices) private readonly api: ApiServices) {}

  async execute({ caller, input, correlationId }: CreatePool): Promise<CommandReceipt> {
    const wanted = parse(input);
    const { tokenA, tokenB, amountA, amountB } = wanted;
    const envelope = sealEnvelope({
      name: 'createPool',
      caller,
      correlationId,
      input,
      meant: { tokenA, tokenB, amountA: amountA.toString(), amountB: amountB.toString() },
    });
    const state = await accept(this.api, {
      envelope,
      decider: poolDecider,
      stream: poolStream(envelope.commandId),
      knownInput: (known) => (known.status === 'NONE' ? null : known.request.inputHash),
      prepare: async (request) => ({
        type: 'RequestPoolCreation' as const,
        requestId: envelope.commandId,
        creator: caller,
        ...wanted,
        known: await this.known(caller, wanted),
        ...request,
      }),
    });
    return poolReceipt(this.api, state, correlationId);
  }

  private async known(caller: string, { poolId, tokenA, tokenB }: Wanted) {
    const { readModel } = this.api;
    const [tokens, pool, balanceA, balanceB] = await Promise.all([
      tokensByAddresses(readModel, [tokenA, tokenB]),
      poolById(readModel, poolId),
      balanceOf(readModel, { token: tokenA, holder: caller }),
      balanceOf(readModel, { token: tokenB, holder: caller }),
    ]);
    const knownToken = (address: string): KnownToken | null => {
      const token = tokens.find((one) => one.address === address);
      return token === undefined ? null : { active: token.status !== 'DEACTIVATED' };
    };
    return {
      tokenA: knownToken(tokenA),
      tokenB: knownToken(tokenB),
      poolExists: pool !== null,
      balanceA,
      balanceB,
    };
  }
}

function parse(input: CreatePoolInput): Wanted {
  const tokenA = parseAddress(input.tokenA, 'tokenA', getAddress);
  const tokenB = parseAddress(input.tokenB, 'tokenB', getAddress);
  return {
    tokenA,
    tokenB,
    poolId: poolIdOf(tokenA, tokenB, 'tokenB'),
    amountA: parseAmount(input.amountA, 'amountA', UINT128_MAX),
    amountB: parseAmount(input.amountB, 'amountB', UINT128_MAX),
  };
}
