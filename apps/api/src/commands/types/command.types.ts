import type { RequestKindName } from '@abland/domain';
import type { Position } from '@abland/kernel';
import type { CommandStatus as Status, RelayStatus as Relaying } from '@abland/projections';
import { Field, Int, ObjectType } from '@nestjs/graphql';
import { connectionOf } from '../../graphql/connection.js';
import {
  AddressScalar,
  BigIntStringScalar,
  DateTimeScalar,
  HashScalar,
  HexDataScalar,
  JsonScalar,
  UuidScalar,
} from '../../graphql/scalars.js';
import { CommandKind, CommandStatus, Execution, RelayStatus } from './command.enums.js';

@ObjectType({ description: 'A transaction for the wallet; nonce, gas and fees are the wallet’s own.' })
export class TransactionToSign {
  @Field(() => AddressScalar)
  to!: string;

  @Field(() => HexDataScalar, { description: 'Keep it whole: its last bytes name the command.' })
  data!: string;

  @Field(() => BigIntStringScalar, { description: 'Wei.' })
  value!: string;

  @Field(() => Int)
  chainId!: number;
}

@ObjectType({ description: 'An approval for the wallet to send before: the token is `to`.' })
export class ApprovalToSign extends TransactionToSign {
  @Field(() => BigIntStringScalar, { description: 'The allowance that it sets: what this command needs.' })
  amount!: string;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description:
      'The allowance as it is. Null where it is not known, for a token that the factory did not make say: ask the token, and leave this out where it covers the amount.',
  })
  allowance!: string | null;
}

@ObjectType({ description: 'EIP-712 typed data as eth_signTypedData_v4 takes it.' })
export class SignatureRequest {
  @Field(() => JsonScalar)
  domain!: unknown;

  @Field(() => JsonScalar)
  types!: unknown;

  @Field(() => String)
  primaryType!: string;

  @Field(() => JsonScalar)
  message!: unknown;
}

@ObjectType({
  description:
    'What became of a command when it was given; the same key and input give the receipt of the same command.',
})
export class CommandReceipt {
  @Field(() => UuidScalar)
  commandId!: string;

  @Field(() => Int)
  chainId!: number;

  @Field(() => CommandKind)
  kind!: RequestKindName;

  @Field(() => CommandStatus)
  status!: Status;

  @Field(() => Execution)
  execution!: keyof typeof Execution;

  @Field(() => DateTimeScalar, {
    description:
      'When it is EXPIRED. The contracts refuse a pool, a deposit, a removal and a swap in a block after this, and the forwarder whatever is RELAYED; the creation and the deactivation of a token by a WALLET have no deadline on the chain: mined later, they are CONFIRMED all the same.',
  })
  deadline!: string;

  @Field(() => HashScalar, { nullable: true, description: 'The transaction told last.' })
  txHash!: string | null;

  @Field(() => BigIntStringScalar, {
    description:
      'Where the command is in the event log, as `_meta.position` counts: a request whose header `x-min-position` says it is answered once the answers know of the command.',
  })
  position!: Position;

  @Field(() => TransactionToSign, {
    nullable: true,
    description: 'For WALLET while it is ACCEPTED: what to sign and send, once. Null afterwards.',
  })
  transaction!: TransactionToSign | null;

  @Field(() => [ApprovalToSign], {
    description:
      'To be mined before, in any order: where the allowance as it is now does not cover what this command and the other open ones of the caller need together. An approval replaces the one before it: of several receipts the newest has the amount for all.',
  })
  approvals!: ApprovalToSign[];

  @Field(() => SignatureRequest, {
    nullable: true,
    description: 'For RELAYED while it is ACCEPTED: what to sign and hand in by submitSignature.',
  })
  signatureRequest!: SignatureRequest | null;
}

@ObjectType()
export class CommandFailure {
  @Field(() => String)
  code!: string;

  @Field(() => String, { nullable: true })
  field!: string | null;

  @Field(() => String, { nullable: true })
  reason!: string | null;
}

@ObjectType({
  description: 'What was asked for, as the chain is held to it; which fields are given depends on the kind.',
})
export class CommandTerms {
  @Field(() => String, { nullable: true })
  name?: string;

  @Field(() => String, { nullable: true })
  symbol?: string;

  @Field(() => Int, { nullable: true })
  decimals?: number;

  @Field(() => BigIntStringScalar, { nullable: true, description: 'Base units, as all amounts here.' })
  totalSupply?: string;

  @Field(() => AddressScalar, { nullable: true })
  tokenAddress?: string;

  @Field(() => HashScalar, { nullable: true })
  poolId?: string;

  @Field(() => AddressScalar, { nullable: true })
  tokenA?: string;

  @Field(() => AddressScalar, { nullable: true })
  tokenB?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountA?: string;

  @Field(() => BigIntStringScalar, { nullable: true })
  amountB?: string;

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
  description: 'What the chain says came of it; which fields are given depends on the kind. Base units.',
})
export class CommandOutcome {
  @Field(() => AddressScalar, { nullable: true })
  tokenAddress?: string;

  @Field(() => HashScalar, { nullable: true })
  poolId?: string;

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

@ObjectType({ description: 'A command of the caller, followed to its end.' })
export class Command {
  @Field(() => UuidScalar)
  commandId!: string;

  @Field(() => Int, { nullable: true, description: 'Null for a command that concerns no chain.' })
  chainId!: number | null;

  @Field(() => String, { description: 'A CommandKind; of a rejected one the mutation’s name.' })
  kind!: string;

  @Field(() => CommandStatus)
  status!: Status;

  @Field(() => Execution, { nullable: true })
  execution!: keyof typeof Execution | null;

  @Field(() => RelayStatus, { nullable: true })
  relayStatus!: Relaying | null;

  @Field(() => CommandTerms, { nullable: true, description: 'Null for a rejected one.' })
  terms!: CommandTerms | null;

  @Field(() => CommandOutcome, { nullable: true, description: 'Null before it is CONFIRMED.' })
  outcome!: CommandOutcome | null;

  @Field(() => HashScalar, { nullable: true, description: 'The transaction told or mined last.' })
  txHash!: string | null;

  @Field(() => Int, { nullable: true })
  blockNumber!: number | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'The token that it created or concerns, once known.',
  })
  token!: string | null;

  @Field(() => HashScalar, { nullable: true })
  poolId!: string | null;

  @Field(() => CommandFailure, { nullable: true })
  failure!: CommandFailure | null;

  @Field(() => DateTimeScalar)
  requestedAt!: string;

  @Field(() => DateTimeScalar, { nullable: true })
  deadline!: string | null;
}

export const CommandConnection = connectionOf(Command, 'Command');
