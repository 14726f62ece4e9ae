import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import {
  AddressScalar,
  BigIntStringScalar,
  DateTimeScalar,
  HashScalar,
  HexDataScalar,
  JsonScalar,
  UuidScalar,
} from '../graphql/scalars.js';
import { Finality } from '../market/finality.types.js';

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
} as const;
export type CommandKind = keyof typeof CommandKind;
registerEnumType(CommandKind, { name: 'CommandKind' });

export const CommandProgress = {
  ACCEPTED: 'ACCEPTED',
  SUBMITTED: 'SUBMITTED',
  CONFIRMED: 'CONFIRMED',
  FINALIZED: 'FINALIZED',
  FAILED: 'FAILED',
  EXPIRED: 'EXPIRED',
  REVERTED: 'REVERTED',
  REJECTED: 'REJECTED',
} as const;
export type CommandProgress = keyof typeof CommandProgress;
registerEnumType(CommandProgress, {
  name: 'CommandStatus',
  valuesMap: {
    ACCEPTED: { description: 'In the log; a transaction or a signature is awaited.' },
    SUBMITTED: { description: 'A transaction is on its way.' },
    CONFIRMED: { description: 'The chain carried it out; a reorg may still take it back.' },
    FINALIZED: { description: 'Carried out in a block that is final.' },
    FAILED: { description: 'It could not be sent, or the contract refused the creation.' },
    EXPIRED: { description: 'Its deadline passed before the chain carried it out.' },
    REVERTED: { description: 'Mined, and refused by the contract.' },
    REJECTED: { description: 'Refused by a rule or for want of a right.' },
  },
});

export const RelayStatus = {
  REQUESTED: 'REQUESTED',
  AUTHORIZED: 'AUTHORIZED',
  RETRYING: 'RETRYING',
  SIGNED: 'SIGNED',
  REFUSED: 'REFUSED',
} as const;
registerEnumType(RelayStatus, { name: 'RelayStatus' });

@ObjectType({ description: 'A transaction for the wallet; nonce, gas and fees are the wallet’s own.' })
export class TransactionToSign {
  @Field(() => AddressScalar)
  to!: string;

  @Field(() => HexDataScalar, { description: 'Keep it whole: its last bytes name the command.' })
  data!: string;

  @Field(() => BigIntStringScalar, { description: 'Wei.' })
  value!: string;

  @Field(() => Float)
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

  @Field(() => CommandKind)
  kind!: CommandKind;

  @Field(() => UuidScalar, { description: 'Id of the token, the pool’s request or the order.' })
  entityId!: string;

  @Field(() => CommandProgress)
  status!: CommandProgress;

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

@ObjectType({ description: 'A command of the caller, followed to its end.' })
export class Command {
  @Field(() => UuidScalar)
  commandId!: string;

  @Field(() => String, { description: 'A CommandKind; of a rejected one the mutation’s name.' })
  kind!: string;

  @Field(() => UuidScalar, { nullable: true })
  entityId!: string | null;

  @Field(() => CommandProgress)
  status!: CommandProgress;

  @Field(() => Execution, { nullable: true })
  execution!: keyof typeof Execution | null;

  @Field(() => RelayStatus, { nullable: true })
  relayStatus!: keyof typeof RelayStatus | null;

  @Field(() => HashScalar, { nullable: true })
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

  @Field(() => Finality, { nullable: true })
  finality?: Finality | null;
}
