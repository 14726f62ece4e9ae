import type { RequestKindName } from '@abland/domain';
import type { CommandStatus as Status, RelayStatus as Relaying } from '@abland/projections';
import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
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

export const Execution = { WALLET: 'WALLET', RELAYED: 'RELAYED' } as const;
registerEnumType(Execution, {
  name: 'Execution',
  description: 'Who sends the transaction.',
  valuesMap: {
    WALLET: { description: 'The caller’s wallet signs and sends it.' },
    RELAYED: { description: 'The caller signs a request (EIP-712), our sender pays and sends it.' },
  },
});

export const CommandKind = {
  CREATE_TOKEN: 'CREATE_TOKEN',
  DEACTIVATE_TOKEN: 'DEACTIVATE_TOKEN',
  CREATE_POOL: 'CREATE_POOL',
  ADD_LIQUIDITY: 'ADD_LIQUIDITY',
  REMOVE_LIQUIDITY: 'REMOVE_LIQUIDITY',
  SWAP: 'SWAP',
} as const satisfies Record<RequestKindName, RequestKindName>;
registerEnumType(CommandKind, { name: 'CommandKind' });

export const CommandStatus = {
  ACCEPTED: 'ACCEPTED',
  SUBMITTED: 'SUBMITTED',
  CONFIRMED: 'CONFIRMED',
  FINALIZED: 'FINALIZED',
  FAILED: 'FAILED',
  EXPIRED: 'EXPIRED',
  REVERTED: 'REVERTED',
  REJECTED: 'REJECTED',
} as const satisfies Record<Status, Status>;
registerEnumType(CommandStatus, {
  name: 'CommandStatus',
  valuesMap: {
    ACCEPTED: { description: 'In the log; a transaction or a signature is awaited.' },
    SUBMITTED: { description: 'A transaction is on its way.' },
    CONFIRMED: { description: 'The chain carried it out; a reorg may still take it back.' },
    FINALIZED: { description: 'Carried out in a block that is final.' },
    FAILED: { description: 'It could not be sent.' },
    EXPIRED: { description: 'Its deadline passed before the chain carried it out.' },
    REVERTED: { description: 'Mined, and refused by the contract.' },
    REJECTED: { description: 'Refused by a rule or for want of a right: it never became a request.' },
  },
});

export const RelayStatus = {
  REQUESTED: 'REQUESTED',
  AUTHORIZED: 'AUTHORIZED',
  RETRYING: 'RETRYING',
  SIGNED: 'SIGNED',
} as const satisfies Record<Relaying, Relaying>;
registerEnumType(RelayStatus, {
  name: 'RelayStatus',
  description: 'How far our sender is with a RELAYED command.',
  valuesMap: {
    REQUESTED: { description: 'The caller’s signature is awaited.' },
    AUTHORIZED: { description: 'The caller signed.' },
    RETRYING: { description: 'Sending failed for a reason that may pass; it is tried again.' },
    SIGNED: { description: 'Our sender’s transaction is signed and on its way.' },
  },
});

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
  description: 'What became of a command when it was given; the same key and input give the same receipt.',
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

  @Field(() => DateTimeScalar, { description: 'The contract refuses the transaction in a block after this.' })
  deadline!: string;

  @Field(() => HashScalar, { nullable: true, description: 'The transaction told last.' })
  txHash!: string | null;

  @Field(() => TransactionToSign, {
    nullable: true,
    description: 'For WALLET while it is ACCEPTED: what to sign and send, once. Null afterwards.',
  })
  transaction!: TransactionToSign | null;

  @Field(() => [TransactionToSign], {
    description: 'To be mined before: allowances for exactly what is needed.',
  })
  approvals!: TransactionToSign[];

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
