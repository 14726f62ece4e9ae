import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { OrderStatus as Status, OrderView } from '@abland/projections';
import { Execution } from '../commands/command.types.js';
import { connectionOf } from '../graphql/connection.js';
import {
  AddressScalar,
  BigIntStringScalar,
  DateTimeScalar,
  HashScalar,
  UuidScalar,
} from '../graphql/scalars.js';
import { Failure } from './token.types.js';

export const OrderKind = {
  SWAP: 'SWAP',
  ADD_LIQUIDITY: 'ADD_LIQUIDITY',
  REMOVE_LIQUIDITY: 'REMOVE_LIQUIDITY',
} as const;
registerEnumType(OrderKind, { name: 'OrderKind' });

export const OrderStatus = {
  PENDING: 'PENDING',
  SUBMITTED: 'SUBMITTED',
  CONFIRMED: 'CONFIRMED',
  FINALIZED: 'FINALIZED',
  FAILED: 'FAILED',
  EXPIRED: 'EXPIRED',
  REVERTED: 'REVERTED',
} as const satisfies Record<Status, Status>;
registerEnumType(OrderStatus, { name: 'OrderStatus' });

@ObjectType({ description: 'What was ordered; which fields are given depends on the kind. Base units.' })
export class OrderTerms {
  @Field(() => AddressScalar, { nullable: true })
  tokenIn?: string;

  @Field(() => AddressScalar, { nullable: true })
  tokenOut?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountIn?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountOutMin?: string;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'What the pool would have paid at acceptance.',
  })
  amountOutQuoted?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountADesired?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountBDesired?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountAMin?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountBMin?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  liquidity?: string;
}

@ObjectType({
  description: 'What the chain says was traded; which fields are given depends on the kind. Base units.',
})
export class OrderResult {
  @Field(() => BigIntStringScalar, { nullable: true })
  amountIn?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountOut?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountA?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountB?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  liquidity?: string;
}

@ObjectType({ description: 'A swap, an addition or a removal of liquidity, from its request to its end.' })
export class Order {
  @Field(() => UuidScalar)
  id!: string;

  @Field(() => OrderKind)
  kind!: keyof typeof OrderKind;

  @Field(() => AddressScalar)
  user!: string;

  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => OrderTerms)
  terms!: OrderTerms;

  @Field(() => OrderResult, { nullable: true })
  result!: OrderResult | null;

  @Field(() => Execution)
  execution!: keyof typeof Execution;

  @Field(() => OrderStatus)
  status!: Status;

  @Field(() => HashScalar, { nullable: true })
  txHash!: string | null;

  @Field(() => Int, { nullable: true })
  blockNumber!: number | null;

  @Field(() => Failure, { nullable: true })
  failure!: Failure | null;

  @Field(() => DateTimeScalar)
  requestedAt!: string;

  @Field(() => DateTimeScalar)
  deadline!: string;
}

export const OrderConnection = connectionOf(Order, 'Order');

export function orderOf({ failureCode, failureReason, ...view }: OrderView): Order {
  return {
    ...view,
    failure: failureCode === null ? null : { code: failureCode, reason: failureReason },
  };
}
