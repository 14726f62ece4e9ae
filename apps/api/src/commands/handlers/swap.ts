import { Inject } from '@nestjs/common';
import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import {
  orderDecider,
  orderStream,
  parseAddress,
  parseAmount,
  SLIPPAGE_BPS_MAX,
  UINT128_MAX,
  type Floor,
} from '@abland/domain';
import { balanceOf } from '@abland/projections';
import { getAddress } from 'ethers';
import { poolIdOf } from '../../market/pool-id.js';
import { API } from '../../server/dependencies.js';
import type { ApiServices } from '../../server/services.js';
import { accept } from '../accept.js';
import type { SwapInput } from '../command.inputs.js';
import type { CommandReceipt } from '../command.types.js';
import { sealEnvelope } from '../envelope.js';
import { floorMeant, parseFloor } from '../floor.js';
import { assertTokenKnown, knownFees, knownPool } from '../known-pool.js';
import { orderReceipt } from '../receipt.js';

export class Swap extends Command<CommandReceipt> {
  constructor(
    readonly caller: string,
    readonly input: SwapInput,
    readonly correlationId: string,
  ) {
    super();
  }
}

interface Wanted {
  readonly tokenIn: string;
  readonly tokenOut: string;
  readonly poolId: string;
  readonly amountIn: bigint;
  readonly amountOutFloor: Floor;
}

@CommandHandler(Swap)
export class SwapHandler implements ICommandHandler<Swap> {
  constructor(@Inject(API.commandServices) private readonly api: ApiServices) {}

  async execute({ caller, input, correlationId }: Swap): Promise<CommandReceipt> {
    const wanted = parse(input);
    const { tokenIn, tokenOut, poolId, amountIn, amountOutFloor } = wanted;
    const envelope = sealEnvelope({
      name: 'swap',
      caller,
      correlationId,
      input,
      meant: { tokenIn, tokenOut, amountIn: amountIn.toString(), floor: floorMeant(amountOutFloor) },
    });
    const state = await accept(this.api, {
      envelope,
      decider: orderDecider,
      stream: orderStream(envelope.commandId),
      knownInput: (known) => (known.status === 'NONE' ? null : known.request.inputHash),
      prepare: async (request) => ({
        type: 'RequestSwap' as const,
        orderId: envelope.commandId,
        user: caller,
        poolId,
        tokenIn,
        amountIn,
        amountOutFloor,
        slippageBpsMax: SLIPPAGE_BPS_MAX,
        known: await this.known(caller, wanted),
        ...request,
      }),
    });
    return orderReceipt(this.api, state, correlationId);
  }

  private async known(caller: string, { tokenIn, tokenOut, poolId }: Wanted) {
    const { readModel } = this.api;
    const [pool, fees, balance] = await Promise.all([
      knownPool(readModel, poolId),
      knownFees(readModel),
      balanceOf(readModel, { token: tokenIn, holder: caller }),
      assertTokenKnown(readModel, tokenIn, 'tokenIn'),
      assertTokenKnown(readModel, tokenOut, 'tokenOut'),
    ]);
    return { pool, fees, balance };
  }
}

function parse(input: SwapInput): Wanted {
  const tokenIn = parseAddress(input.tokenIn, 'tokenIn', getAddress);
  const tokenOut = parseAddress(input.tokenOut, 'tokenOut', getAddress);
  return {
    tokenIn,
    tokenOut,
    poolId: poolIdOf(tokenIn, tokenOut, 'tokenOut'),
    amountIn: parseAmount(input.amountIn, 'amountIn', UINT128_MAX),
    amountOutFloor: parseFloor(input.amountOutMin, input.slippageBps, 'amountOutMin'),
  };
}
