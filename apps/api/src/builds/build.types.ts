import type { Activity, BuildState as State, BuildView, TimeLeft } from '@abland/projections';
import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { BigIntStringScalar, DateTimeScalar } from '../graphql/scalars.js';

export const BuildState = {
  BUILDING: 'BUILDING',
  PAUSED: 'PAUSED',
  READY: 'READY',
  LIVE: 'LIVE',
  RETIRED: 'RETIRED',
  FAILED: 'FAILED',
} as const satisfies Record<State, State>;
registerEnumType(BuildState, {
  name: 'BuildState',
  description: 'What becomes of a build of a read model.',
  valuesMap: {
    BUILDING: { description: 'It is read in from the log, or on its way to its end.' },
    PAUSED: { description: 'It stands until an operator lets it go on.' },
    READY: { description: 'It is level with the log, and kept so until it is promoted.' },
    LIVE: { description: 'It is what readers see.' },
    RETIRED: { description: 'It was live before, and is kept for a switch back.' },
    FAILED: { description: 'It stopped on what no repetition helps; `lastError` says on what.' },
  },
});

export const BuildActivity = {
  LIVE: 'LIVE',
  CATCHING_UP: 'CATCHING_UP',
  RETRYING: 'RETRYING',
  FAILED: 'FAILED',
  STOPPED: 'STOPPED',
  STALLED: 'STALLED',
} as const satisfies Record<Activity, Activity>;
registerEnumType(BuildActivity, {
  name: 'BuildActivity',
  description: 'What the projector that keeps a build does.',
  valuesMap: {
    LIVE: { description: 'It follows the end of the log.' },
    CATCHING_UP: { description: 'It reads what the log has more.' },
    RETRYING: { description: 'It failed on what passes, and tries again.' },
    FAILED: { description: 'It failed on what no repetition helps.' },
    STOPPED: { description: 'It ended, or has not begun.' },
    STALLED: { description: 'Nobody keeps it by now: what was told last is not believed any more.' },
  },
});

@ObjectType({ description: 'How long a build takes at the pace of the last half minute.' })
export class BuildTimeLeft implements TimeLeft {
  @Field(() => Float)
  seconds!: number;

  @Field(() => Float, {
    description:
      'Plus or minus seconds: as far as the speeds of single seconds lay from each other (one standard deviation).',
  })
  within!: number;
}

@ObjectType({ description: 'The tables of a read model, built from the log; readers see the live ones.' })
export class ProjectionBuild {
  @Field(() => Int, { description: 'Its number.' })
  build!: number;

  @Field(() => BuildState)
  state!: State;

  @Field(() => BuildActivity)
  activity!: Activity;

  @Field(() => String, {
    description: 'First digits of the hash of what its tables are and how they are filled.',
  })
  definition!: string;

  @Field(() => Int, { nullable: true, description: 'Null where it was made before versions were kept.' })
  version!: number | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Of the last event handled; null before the first.',
  })
  position!: bigint | null;

  @Field(() => BigIntStringScalar, { description: 'Positions to the end of the log.' })
  behind!: bigint;

  @Field(() => Float, { description: 'Events handled since it was begun.' })
  handled!: number;

  @Field(() => Float, { description: 'Over the last second or so in which there was something.' })
  eventsPerSecond!: number;

  @Field(() => Int, { description: 'Events left out.' })
  parked!: number;

  @Field(() => Int, { description: 'Those of them on which our own code broke.' })
  defects!: number;

  @Field(() => Int, {
    description:
      'How often, since it was begun, what it keeps did not add up (balances to the supply, positions to the liquidity, …) or would have come below zero.',
  })
  violations!: number;

  @Field(() => String, { nullable: true, description: 'The newest of that; null where all adds up.' })
  lastViolation!: string | null;

  @Field(() => Boolean, {
    description:
      'It takes the live one’s place without an operator once it is level, was compared and differs in nothing unexplained.',
  })
  promotesItself!: boolean;

  @Field(() => Boolean, {
    nullable: true,
    description:
      'Whether nothing differs from the live one that its definition does not explain, as `differenceReports` has it; null: it was not compared as it is.',
  })
  explained!: boolean | null;

  @Field(() => BigIntStringScalar, {
    nullable: true,
    description: 'Position of the newest event when that was told last; null where it never was.',
  })
  target!: bigint | null;

  @Field(() => BuildTimeLeft, {
    nullable: true,
    description:
      'From `position` to `target`; null where it is not known: too little was measured, the log grows as fast, or nobody keeps it.',
  })
  timeLeft!: BuildTimeLeft | null;

  @Field(() => Float, {
    nullable: true,
    description: 'Resident, of the process that keeps it; null where nobody does.',
  })
  memoryBytes!: number | null;

  @Field(() => String, {
    description: 'An operator’s address, `operator:<name>` at the machine, or `program`.',
  })
  askedBy!: string;

  @Field(() => String)
  reason!: string;

  @Field(() => DateTimeScalar)
  askedAt!: string;

  @Field(() => String, { nullable: true })
  lastError!: string | null;

  @Field(() => DateTimeScalar, { description: 'When its projector wrote it last, or it was changed.' })
  updatedAt!: string;
}

@ObjectType({ description: 'A read model, with the builds that there are of it, the live one first.' })
export class Projection {
  @Field(() => String)
  name!: string;

  @Field(() => String, {
    description:
      'Changes whenever what queries answer of it may have changed, and not before: a list made of it is to be asked for anew. What it says is of no meaning.',
  })
  answersVersion!: string;

  @Field(() => [ProjectionBuild])
  builds!: readonly ProjectionBuild[];
}

/** By name. @param versions as `answersVersions` has them of the database that queries read */
export function projectionsOf(
  builds: readonly BuildView[],
  versions: ReadonlyMap<string, string>,
): readonly Projection[] {
  const byName = Map.groupBy(builds, ({ name }) => name);
  return [...byName].map(([name, its]) => ({
    ...{ name, answersVersion: versions.get(name) ?? '', builds: its.map(buildOf) },
  }));
}

function buildOf({ behind, checkpoint, name: _name, ...view }: BuildView): ProjectionBuild {
  return { ...view, position: checkpoint, behind: behind ?? 0n };
}
