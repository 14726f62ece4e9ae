import { readProgress, TRACK_NAMES, TRACKS } from '@abland/chain';
import type { Difference, ReconciledKind as Kind } from '@abland/domain';
import type { Json } from '@abland/kernel';
import type { DriftView } from '@abland/projections';
import { ArgsType, Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { ChainPageArgs } from '../served-chains/chain.args.js';
import { connectionOf } from '../graphql/connection.js';
import { AddressScalar, DateTimeScalar, HashScalar, UuidScalar } from '../graphql/scalars.js';

export const ReconciledKind = {
  POOL: 'POOL',
  SUPPLY: 'SUPPLY',
  SETTINGS: 'SETTINGS',
  POSITION: 'POSITION',
  BALANCE: 'BALANCE',
} as const satisfies Record<Kind, Kind>;
registerEnumType(ReconciledKind, {
  name: 'ReconciledKind',
  description: 'What is compared with the chain.',
  valuesMap: {
    POOL: { description: 'A pool’s reserves and liquidity.' },
    SUPPLY: { description: 'What there is of a token that our factory made.' },
    SETTINGS: { description: 'Fees, owner and the like of one of our contracts.' },
    POSITION: { description: 'Somebody’s liquidity in a pool.' },
    BALANCE: { description: 'What somebody holds of a token that our factory made.' },
  },
});

@ObjectType({ description: 'A value that the answers and the chain differ in.' })
export class DriftDifference implements Difference {
  @Field(() => String, { description: 'As the contract calls it: `reserveA`, `balance`, `swapFee`.' })
  name!: string;

  @Field(() => String, { description: 'In the answers: a decimal number, an address, `true` or `false`.' })
  ours!: string;

  @Field(() => String, { description: 'On the chain.' })
  chain!: string;
}

@ObjectType({
  description: 'Something that the answers said otherwise than the chain, both asked of the same block.',
})
export class Drift {
  @Field(() => UuidScalar)
  id!: string;

  @Field(() => Int)
  chainId!: number;

  @Field(() => ReconciledKind)
  kind!: Kind;

  @Field(() => AddressScalar, { description: 'Who was asked: a token, or a contract of the deployment.' })
  contract!: string;

  @Field(() => HashScalar, { nullable: true, description: 'Of POOL and POSITION.' })
  poolId!: string | null;

  @Field(() => AddressScalar, { nullable: true, description: 'Of POSITION and BALANCE.' })
  account!: string | null;

  @Field(() => [DriftDifference])
  differences!: readonly DriftDifference[];

  @Field(() => Int, { description: 'The block of which both were asked.' })
  blockNumber!: number;

  @Field(() => HashScalar)
  blockHash!: string;

  @Field(() => Int, { description: 'The first block of which it is known.' })
  firstBlock!: number;

  @Field(() => Boolean, {
    description:
      'Whether both agreed on the block before `firstBlock`; else it may have begun earlier, in states that are forgotten.',
  })
  firstBlockExact!: boolean;

  @Field(() => DateTimeScalar)
  foundAt!: string;

  @Field(() => Int, {
    nullable: true,
    description: 'The block on which both agreed again; null while it lasts.',
  })
  endedBlock!: number | null;

  @Field(() => DateTimeScalar, { nullable: true })
  endedAt!: string | null;
}

export const DriftConnection = connectionOf<Drift>(Drift, 'Drift');

export const driftOf = (view: DriftView): Drift => view;

@ArgsType()
export class DriftArgs extends ChainPageArgs {
  @Field(() => Boolean, {
    nullable: true,
    description: 'True: only what lasts; false: only what has ended.',
  })
  open?: boolean | null;
}

@ObjectType({
  description: 'How far one part of the comparing is; each begins anew when all of it was compared.',
})
export class ReconciliationRound {
  @Field(() => [ReconciledKind])
  kinds!: readonly Kind[];

  @Field(() => DateTimeScalar)
  began!: string;

  @Field(() => Float, { description: 'Things compared in it so far.' })
  compared!: number;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the last whole round was over.' })
  lastEnded!: string | null;

  @Field(() => Float, { nullable: true, description: 'In how long all were compared then.' })
  lastSeconds!: number | null;
}

@ObjectType({ description: 'The comparing of the answers with the chain.' })
export class Reconciliation {
  @Field(() => Int, { nullable: true, description: 'The block that was compared last.' })
  block!: number | null;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When.' })
  at!: string | null;

  @Field(() => Float, { description: 'Things compared, ever.' })
  compared!: number;

  @Field(() => [ReconciliationRound])
  rounds!: readonly ReconciliationRound[];
}

/** Null where nothing was ever compared. */
export function reconciliationOf(told: Json | null): Reconciliation | null {
  const progress = readProgress(told);
  if (progress === null) return null;
  const { at, block, compared, tracks } = progress;
  const rounds = TRACK_NAMES.map((name): ReconciliationRound => {
    const track = tracks[name];
    return {
      kinds: TRACKS[name],
      began: track.roundBegan,
      compared: track.compared,
      lastEnded: track.lastRoundEnded,
      lastSeconds: track.lastRoundSeconds,
    };
  });
  return { at, block, compared, rounds };
}
