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
import { positionOf } from '@abland/projections';
import { API } from '../../server/dependencies.js';
import type { ApiServices } from '../../server/services.js';
import { accept } from '../accept.js';
import type { RemoveLiquidityInput } from '../command.inputs.js';
import type { CommandReceipt } from '../command.types.js';
import { sealEnvelope } from '../envelope.js';
import { floorMeant, parseFloor } from '../floor.js';
import { knownPool } from '../known-pool.js';
import { orderReceipt } from '../receipt.js';

export class RemoveLiquidity extends Command<CommandReceipt> {
  constructor(
    readonly caller: string,
    readonly input: RemoveLiquidityInput,
    readonly correlationId: string,
  ) {
    super();
  }
}

@CommandHandler(RemoveLiquidity)
export class RemoveLiquidityHandler implements ICommandHandler<RemoveLiquidity> {
  constructor(@Inject(API.commandServices) private readonly api: ApiServices) {}

  async execute({ caller, input, correlationId }: RemoveLiquidity): Promise<CommandReceipt> {
    const wanted = parse(input);
    const { poolId, liquidity, amountAFloor, amountBFloor } = wanted;
    const envelope = sealEnvelope({
      name: 'removeLiquidity',
      caller,
      correlationId,
      input,
      meant: {
        poolId,
        liquidity: liquidity.toString(),
        floorA: floorMeant(amountAFloor),
        floorB: floorMeant(amountBFloor),
      },
    });
    const state = await accept(this.api, {
      envelope,
      decider: orderDecider,
      stream: orderStream(envelope.commandId),
      knownInput: (known) => (known.status === 'NONE' ? null : known.request.inputHash),
      prepare: async (request) => ({
        type: 'RequestLiquidityRemoval' as const,
        orderId: envelope.commandId,
        user: caller,
        ...wanted,
        slippageBpsMax: SLIPPAGE_BPS_MAX,
        known: await this.known(caller, poolId),
        ...request,
      }),
    });
    return orderReceipt(this.api, state, correlationId);
  }

  private async known(caller: string, poolId: string) {
    const { readModel } = this.api;
    const [pool, position] = await Promise.all([
      knownPool(readModel, poolId),
      positionOf(readModel, { poolId, owner: caller }),
    ]);
    return { pool, liquidity: BigInt(position?.liquidity ?? '0') };
  }
}

function parse(input: RemoveLiquidityInput) {
  return {
    poolId: parseHash(input.poolId, 'poolId'),
    liquidity: parseAmount(input.liquidity, 'liquidity', UINT128_MAX),
    amountAFloor: parseFloor(input.amountAMin, input.slippageBps, 'amountAMin'),
    amountBFloor: parseFloor(input.amountBMin, input.slippageBps, 'amountBMin'),
  };
}
