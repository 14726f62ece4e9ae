import { secondsOf, wholeSecondOf } from '@abland/domain';
import {
  type At,
  type CandleInterval as Interval,
  HISTORY_POINTS_MAX,
  type HistorySpan,
} from '@abland/projections';
import { ArgsType, Field, Int } from '@nestjs/graphql';
import { StateArgs } from '../as-of/as-of.inputs.js';
import { ApiError } from '../errors/api-error.js';
import { parseFirst } from '../graphql/connection.js';
import { DateTimeScalar, HashScalar } from '../graphql/scalars.js';
import { CandleInterval } from './swap.types.js';

/** Which moments of a pool a history tells of. */
@ArgsType()
export class PoolHistoryArgs extends StateArgs {
  @Field(() => HashScalar)
  poolId!: string;

  @Field(() => CandleInterval)
  interval!: Interval;

  @Field(() => DateTimeScalar)
  from!: string;

  @Field(() => DateTimeScalar, { description: 'Included.' })
  to!: string;

  @Field(() => Int, { nullable: true, defaultValue: 500, description: 'The newest so many, 1 to 1000.' })
  limit!: number | null;
}

/** @throws ApiError INVALID_ARGUMENT, INVALID_PAGINATION */
export async function historySpan(
  args: PoolHistoryArgs,
  at: At | null,
  now: () => Promise<number>,
): Promise<HistorySpan> {
  const from = seconds(args.from, 'from');
  const to = seconds(args.to, 'to');
  if (to < from) throw new ApiError('INVALID_ARGUMENT', 'to is not before from', 'to');
  const limit = parseFirst(args.limit ?? 500, 'limit', HISTORY_POINTS_MAX);
  return { interval: args.interval, from, to, limit, now: at?.time ?? (await now()) };
}

/**
 * A moment in seconds since the epoch, the next whole one.
 * @throws ApiError INVALID_ARGUMENT
 */
export function seconds(text: string, field: string): number {
  const second = wholeSecondOf(text);
  if (second === null) {
    throw new ApiError('INVALID_ARGUMENT', `${field} is a moment in ISO 8601, UTC`, field);
  }
  const isWhole = !/\.\d*[1-9]/.test(text);
  return secondsOf(second) + (isWhole ? 0 : 1);
}
