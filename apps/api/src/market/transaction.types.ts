import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type {
  TransactionCost as Cost,
  TransactionInput as Input,
  TransactionStatus as Status,
  TransactionType as Type,
  TransactionView,
} from '@abland/projections';
import { connectionOf } from '../graphql/connection.js';
import {
  AddressScalar,
  BigIntStringScalar,
  DateTimeScalar,
  HashScalar,
  UuidScalar,
} from '../graphql/scalars.js';
import { instantOf } from '../graphql/instant.js';

export const TransactionType = {
  CREATE_TOKEN: 'CREATE_TOKEN',
  DEACTIVATE_TOKEN: 'DEACTIVATE_TOKEN',
  CREATE_POOL: 'CREATE_POOL',
  ADD_LIQUIDITY: 'ADD_LIQUIDITY',
  REMOVE_LIQUIDITY: 'REMOVE_LIQUIDITY',
  SWAP: 'SWAP',
  TRANSFER: 'TRANSFER',
} as const satisfies Record<Type, Type>;
registerEnumType(TransactionType, { name: 'TransactionType' });

export const TransactionStatus = {
  PENDING: 'PENDING',
  CONFIRMED: 'CONFIRMED',
  FAILED: 'FAILED',
} as const satisfies Record<Status, Status>;
registerEnumType(TransactionStatus, {
  name: 'TransactionStatus',
  valuesMap: {
    PENDING: { description: 'Told by its sender, and not mined yet.' },
    CONFIRMED: { description: 'Mined, and carried out.' },
    FAILED: { description: 'Mined, and refused by the contract.' },
  },
});

@ObjectType({ description: 'What a mined transaction cost whoever sent it, in the chain’s own coin.' })
export class TransactionCost implements Cost {
  @Field(() => AddressScalar, {
    description: 'Who sent it: a sender of ours, where the request was relayed.',
  })
  payer!: string;

  @Field(() => BigIntStringScalar)
  gasUsed!: string;

  @Field(() => BigIntStringScalar, { description: 'Of a unit of gas, in wei.' })
  gasPrice!: string;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description:
      'What of the total was paid for its data on the chain below, in wei; null where none is told.',
  })
  dataFee!: string | null;

  @Field(() => BigIntStringScalar, { description: 'In wei, without what the transaction sends.' })
  total!: string;
}

@ObjectType({ description: 'What a mined transaction sent.' })
export class TransactionInput implements Input {
  @Field(() => BigIntStringScalar, { description: 'In wei.' })
  value!: string;

  @Field(() => String, {
    description: 'What it calls and with what: the first 1,024 bytes in hexadecimal.',
  })
  input!: string;

  @Field(() => Int, { description: 'Bytes of the whole input; the hash of the transaction commits to all.' })
  inputBytes!: number;
}

@ObjectType()
export class Transaction {
  @Field(() => Int)
  chainId!: number;

  @Field(() => HashScalar)
  hash!: string;

  @Field(() => TransactionType, {
    nullable: true,
    description: 'The weightiest thing it did; null where nobody knows.',
  })
  type!: Type | null;

  @Field(() => TransactionStatus)
  status!: Status;

  @Field(() => String, { nullable: true })
  failureReason!: string | null;

  @Field(() => AddressScalar)
  user!: string;

  @Field(() => AddressScalar, { nullable: true })
  tokenAddress!: string | null;

  @Field(() => HashScalar, { nullable: true })
  poolId!: string | null;

  @Field(() => Int, { nullable: true })
  blockNumber!: number | null;

  @Field(() => DateTimeScalar, { nullable: true })
  time!: string | null;

  @Field(() => UuidScalar, { nullable: true })
  commandId!: string | null;

  @Field(() => TransactionCost, {
    nullable: true,
    description: 'Of one that is mined and carries a command; null where it is not known.',
  })
  cost!: Cost | null;

  @Field(() => TransactionInput, {
    nullable: true,
    description: 'Of the same; null also of blocks that were read in before it was told.',
  })
  sent!: Input | null;
}

export const TransactionConnection = connectionOf(Transaction, 'Transaction');

export function transactionOf({ token, blockTime, ...view }: TransactionView): Transaction {
  return { ...view, tokenAddress: token, time: blockTime === null ? null : instantOf(blockTime) };
}
