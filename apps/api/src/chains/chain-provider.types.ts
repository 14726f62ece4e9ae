import { Field, Float, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import { DateTimeScalar } from '../graphql/scalars.js';
import type { ChainProviderView, Count, ToldProviderState as State } from '@abland/operations';

export const ProviderState = {
  WELL: 'WELL',
  SET_ASIDE: 'SET_ASIDE',
  WRONG_CHAIN: 'WRONG_CHAIN',
  UNKNOWN: 'UNKNOWN',
  STALE: 'STALE',
} as const satisfies Record<State, State>;
registerEnumType(ProviderState, {
  name: 'ProviderState',
  description: 'How a provider of a chain is, as the chain’s indexer has it.',
  valuesMap: {
    WELL: { description: 'What it gave last holds together.' },
    SET_ASIDE: { description: 'It failed, and gave nothing good since; it is tried from time to time.' },
    WRONG_CHAIN: { description: 'It serves another chain.' },
    UNKNOWN: { description: 'Nothing was asked of it yet.' },
    STALE: { description: 'No indexer tells of it now: the rest is as it was told last.' },
  },
});

export const ProviderTransport = { HTTP: 'HTTP', WEBSOCKET: 'WEBSOCKET' } as const;
registerEnumType(ProviderTransport, {
  name: 'ProviderTransport',
  valuesMap: { HTTP: { description: 'http(s).' }, WEBSOCKET: { description: 'ws(s).' } },
});

@ObjectType()
export class ProviderFault {
  @Field(() => String)
  code!: string;

  @Field(() => String, { description: 'For people, without keys; it may change.' })
  message!: string;

  @Field(() => DateTimeScalar)
  at!: string;
}

@ObjectType()
export class ProviderCount implements Count {
  @Field(() => String, { description: 'A code, or a kind.' })
  name!: string;

  @Field(() => Float)
  count!: number;
}

@ObjectType({
  description:
    'A provider of a chain, as the chain’s indexer told it last; counts are since that indexer’s start.',
})
export class ChainProvider implements ChainProviderView {
  @Field(() => Int)
  chainId!: number;

  @Field(() => Int, { description: 'In the order of preference, from 1.' })
  place!: number;

  @Field(() => String, { description: 'Protocol and host; never its key.' })
  url!: string;

  @Field(() => ProviderTransport)
  transport!: keyof typeof ProviderTransport;

  @Field(() => ProviderState)
  state!: State;

  @Field(() => Float, { description: 'Since the indexer told all this, or that it still holds.' })
  toldSeconds!: number;

  @Field(() => Float, {
    nullable: true,
    description: 'Milliseconds: the median of its last answers; null before the first.',
  })
  latencyMs!: number | null;

  @Field(() => Float, { nullable: true, description: 'Since its last answer that was no refusal.' })
  answerSeconds!: number | null;

  @Field(() => Int, { nullable: true, description: 'The newest block that it told last.' })
  headBlock!: number | null;

  @Field(() => ProviderFault, {
    nullable: true,
    description: 'What it failed of last, whatever it gave since; null for nothing ever.',
  })
  lastFault!: ProviderFault | null;

  @Field(() => Float)
  requests!: number;

  @Field(() => [ProviderCount], { description: 'By code, the most frequent first.' })
  faults!: readonly ProviderCount[];

  @Field(() => [ProviderCount], {
    description:
      'What it told that does not hold together, by what was wrong with it: `MALFORMED`, `UNLINKED`, or what could not be proved.',
  })
  discrepancies!: readonly ProviderCount[];

  @Field(() => Int, {
    nullable: true,
    description: 'Most blocks that are asked for at once, as was learnt; null where no limit is known.',
  })
  rangeMax!: number | null;

  @Field(() => Int, {
    nullable: true,
    description: 'Most requests that are asked at once, as was learnt; null where no limit is known.',
  })
  batchMax!: number | null;

  @Field(() => [String], { description: 'Methods that it does not have.' })
  lacks!: readonly string[];

  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'Until then it is asked only where nobody else is left; null: it is asked.',
  })
  nextRequestAt!: string | null;
}
