import { Field, Int, ObjectType, registerEnumType } from '@nestjs/graphql';
import type { ForeignTokenView } from '@abland/projections';
import type { TokenSilence as Silence } from '@abland/domain';
import { AddressScalar } from '../graphql/scalars.js';

export const TokenSilence = {
  FAILED: 'FAILED',
  EMPTY: 'EMPTY',
  MALFORMED: 'MALFORMED',
  UNANSWERED: 'UNANSWERED',
} as const satisfies Record<Silence, Silence>;
registerEnumType(TokenSilence, {
  name: 'TokenSilence',
  description: 'Why a token tells nothing.',
  valuesMap: {
    FAILED: { description: 'Its code reverts, or takes more gas than it may.' },
    EMPTY: { description: 'Nothing comes back.' },
    MALFORMED: { description: 'What comes back is no such value.' },
    UNANSWERED: { description: 'It was not asked, or nobody answered; it may be asked again.' },
  },
});

@ObjectType({ description: 'Why what is null is; null of what is told.' })
export class ForeignTokenMissing {
  @Field(() => TokenSilence, { nullable: true })
  name!: Silence | null;

  @Field(() => TokenSilence, { nullable: true })
  symbol!: Silence | null;

  @Field(() => TokenSilence, { nullable: true })
  decimals!: Silence | null;
}

@ObjectType({
  description:
    'A token that the factory did not make, as it describes itself: texts of strangers, true or not. Long ones are cut, and what would not show in them is written out as `\\u{202E}`.',
})
export class ForeignToken {
  @Field(() => Int)
  chainId!: number;

  @Field(() => AddressScalar)
  address!: string;

  @Field(() => Boolean, { description: 'Always: anyone may give a token any name and symbol.' })
  untrusted!: true;

  @Field(() => String, { nullable: true })
  name!: string | null;

  @Field(() => String, { nullable: true })
  symbol!: string | null;

  @Field(() => Int, { nullable: true, description: '0 to 255.' })
  decimals!: number | null;

  @Field(() => ForeignTokenMissing)
  missing!: ForeignTokenMissing;

  @Field(() => Boolean, {
    description: 'Asked as of a later state than that of the block: providers had forgotten the earlier one.',
  })
  askedLater!: boolean;
}

const NOBODY_ASKED = { name: 'UNANSWERED', symbol: 'UNANSWERED', decimals: 'UNANSWERED' } as const;

/** @param view null where nothing is told of it (yet) */
export function foreignTokenOf(
  chainId: number,
  address: string,
  view: ForeignTokenView | null,
): ForeignToken {
  const nothing = { name: null, symbol: null, decimals: null, missing: NOBODY_ASKED, askedLater: false };
  const { name, symbol, decimals, missing, askedLater } = view ?? nothing;
  return { chainId, address, untrusted: true, name, symbol, decimals, missing, askedLater };
}
