import { Field, Int, ObjectType } from '@nestjs/graphql';
import type { At, ContractSettings as View } from '@abland/projections';
import { instantOf } from '../graphql/instant.js';
import { AddressScalar, DateTimeScalar } from '../graphql/scalars.js';

@ObjectType({ description: 'What a contract of the deployment is set to; null: it has none.' })
export class ContractSettings {
  @Field(() => Int)
  chainId!: number;

  @Field(() => AddressScalar)
  address!: string;

  @Field(() => Boolean, {
    description:
      'While the contract of the pools is paused, pools, deposits and swaps are refused with PAUSED.',
  })
  paused!: boolean;

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When the pause ends by itself; null: it is not paused, or until somebody ends it.',
  })
  pausedUntil!: string | null;

  @Field(() => AddressScalar, { nullable: true })
  owner!: string | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'Named as the next owner, and has yet to accept.',
  })
  pendingOwner!: string | null;

  @Field(() => AddressScalar, {
    nullable: true,
    description: 'May pause it beside its owner; address zero: nobody.',
  })
  guardian!: string | null;

  @Field(() => AddressScalar, { nullable: true })
  feeRecipient!: string | null;

  /** The block of the newest change; no field of the API. */
  updatedBlock!: number;

  /** The state that it is of, null for that of now; no field of the API. */
  at!: At | null;
}

export function contractSettings({ contract, ...view }: View, at: At | null = null): ContractSettings {
  const { chainId, paused, pausedUntil, owner, pendingOwner, guardian, feeRecipient, updatedBlock } = view;
  return {
    at,
    chainId,
    address: contract,
    paused,
    pausedUntil: pausedUntil === null ? null : instantOf(pausedUntil),
    owner,
    pendingOwner,
    guardian,
    feeRecipient,
    updatedBlock,
  };
}
