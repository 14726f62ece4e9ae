import { Field, InputType, Int } from '@nestjs/graphql';
import type { Execution as ExecutionMode } from '@abland/domain';
import { CHAIN_ID } from '../../served-chains/chain.args.js';
import { IDEMPOTENCY_KEY } from '../../graphql/idempotency-key.js';
import { AddressScalar, BigIntStringScalar, DateTimeScalar, HashScalar } from '../../graphql/scalars.js';
import { Execution } from './command.enums.js';

@InputType({ isAbstract: true })
export class CommonCommandInput {
  @Field(() => String, IDEMPOTENCY_KEY)
  idempotencyKey!: string;

  @Field(() => Int, CHAIN_ID)
  chainId?: number | null;

  @Field(() => Execution, { nullable: true, defaultValue: 'WALLET' })
  execution?: ExecutionMode | null;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'At most 24 hours ahead; absent: 20 minutes from now.',
  })
  deadline?: string | null;
}

@InputType()
export class CreateTokenInput extends CommonCommandInput {
  @Field(() => String, { description: '1 to 50 letters, digits and spaces.' })
  name!: string;

  @Field(() => String, { description: '1 to 10 upper-case letters and digits.' })
  symbol!: string;

  @Field(() => BigIntStringScalar, { description: 'Whole tokens, 1 to 10^27.' })
  supply!: string;

  @Field(() => Int, { defaultValue: 18, description: '0 to 18.' })
  decimals!: number;

  @Field(() => String, { defaultValue: '', description: 'Up to 500 characters.' })
  description!: string;
}

@InputType()
export class DeactivateTokenInput extends CommonCommandInput {
  @Field(() => AddressScalar)
  tokenAddress!: string;
}

@InputType()
export class CreatePoolInput extends CommonCommandInput {
  @Field(() => AddressScalar, { description: 'The two tokens in any order.' })
  tokenA!: string;

  @Field(() => AddressScalar)
  tokenB!: string;

  @Field(() => BigIntStringScalar, { description: 'First deposit of tokenA, base units.' })
  amountA!: string;

  @Field(() => BigIntStringScalar, { description: 'First deposit of tokenB, base units.' })
  amountB!: string;
}

@InputType()
export class AddLiquidityInput extends CommonCommandInput {
  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => BigIntStringScalar, { description: 'At most this much of the pool’s tokenA, base units.' })
  amountADesired!: string;

  @Field(() => BigIntStringScalar, { description: 'At most this much of the pool’s tokenB, base units.' })
  amountBDesired!: string;

  @Field(() => BigIntStringScalar, { nullable: true, description: 'At least; excludes slippageBps.' })
  amountAMin?: string | null;

  @Field(() => BigIntStringScalar, { nullable: true, description: 'At least; excludes slippageBps.' })
  amountBMin?: string | null;

  @Field(() => Int, { nullable: true, description: 'Basis points below the quote; absent: 50.' })
  slippageBps?: number | null;
}

@InputType()
export class RemoveLiquidityInput extends CommonCommandInput {
  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => BigIntStringScalar)
  liquidity!: string;

  @Field(() => BigIntStringScalar, { nullable: true, description: 'At least; excludes slippageBps.' })
  amountAMin?: string | null;

  @Field(() => BigIntStringScalar, { nullable: true, description: 'At least; excludes slippageBps.' })
  amountBMin?: string | null;

  @Field(() => Int, { nullable: true, description: 'Basis points below the quote; absent: 50.' })
  slippageBps?: number | null;
}

@InputType()
export class SwapInput extends CommonCommandInput {
  @Field(() => AddressScalar)
  tokenIn!: string;

  @Field(() => AddressScalar)
  tokenOut!: string;

  @Field(() => BigIntStringScalar, { description: 'Base units of tokenIn.' })
  amountIn!: string;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'At least this much of tokenOut; excludes slippageBps.',
  })
  amountOutMin?: string | null;

  @Field(() => Int, { nullable: true, description: 'Basis points below the quote; absent: 50.' })
  slippageBps?: number | null;
}
