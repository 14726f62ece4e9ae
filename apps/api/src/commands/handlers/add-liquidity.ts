import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  orderDecider,
  orderStream,
  parseAmount,
  parseHash,
  SLIPPAGE_BPS_MAX,
  UINT128_MAX,
} from '@abland/domain';
import { balanceOf } from '@abland/projections';
import { API } from '../../server/dependencies.js';
import type { ApiServices } from '../../server/services.js';
import { accept } from '../accept.js';
import type { AddLiquidityInput } from '../command.inputs.js';
import type { CommandReceipt } from '../command.types.js';
import { sealEnvelope } from '../envelope.js';
import { floorMeant, parseFloor } from '../floor.js';
import { knownPool } from '../known-pool.js';
import { orderReceipt } from '../receipt.js';

export class AddLiquidity extends Command<CommandReceipt> {
  constructor(
    readonly caller: string,
    readonly input: AddLiquidityInput,
    readonly correlationId: string,
  ) {
    super();
  }
}

@CommandHandler(AddLiquidity)
export class AddLiquidityHandler implements ICommandHandler<AddLiquidity> {
  constructor(@Inject(API.commandServices) private readonly api: ApiServices) {}

  async execute({ caller, input, correlationId }: AddLiquidity): Promise<CommandReceipt> {
    const wanted = parse(input);
    const envelope = sealEnvelope({
      name: 'addLiquidity',
      caller,
      correlationId,
      input,
      meant: {
        poolId: wanted.poolId,
        amountADesired: wanted.amountADesired.toString(),
        amountBDesired: wanted.amountBDesired.toString(),
        floorA: floorMeant(wanted.amountAFloor),
        floorB: floorMeant(wanted.amountBFloor),
      },
    });
    const state = await accept(this.api, {
      envelope,
      decider: orderDecider,
      stream: orderStream(envelope.commandId),
      knownInput: (known) => (known.status === 'NONE' ? null : known.request.inputHash),
      prepare: async (request) => ({
        type: 'RequestLiquidityAddition' as const,
        orderId: envelope.commandId,
        user: caller,
        ...wanted,
        slippageBpsMax: SLIPPAGE_BPS_MAX,
        known: await this.known(caller, wanted.poolId),
        ...request,
      }),
    });
    return orderReceipt(this.api, state, correlationId);
  }

  private async known(caller: string, poolId: string) {
    const { readModel } = this.api;
    const pool = await knownPool(readModel, poolId);
    if (pool === null) return { pool, balanceA: null, balanceB: null };
    const [balanceA, balanceB] = await Promise.all([
      balanceOf(readModel, { token: pool.tokenA, holder: caller }),
      balanceOf(readModel, { token: pool.tokenB, holder: caller }),
    ]);
    return { pool, balanceA, balanceB };
  }
}

function parse(input: AddLiquidityInput) {
  return {
    poolId: parseHash(input.poolId, 'poolId'),
    amountADesired: parseAmount(input.amountADesired, 'amountADesired', UINT128_MAX),
    amountBDesired: parseAmount(input.amountBDesired, 'amountBDesired', UINT128_MAX),
    amountAFloor: parseFloor(input.amountAMin, input.slippageBps, 'amountAMin'),
    amountBFloor: parseFloor(input.amountBMin, input.slippageBps, 'amountBMin'),
  };
}
