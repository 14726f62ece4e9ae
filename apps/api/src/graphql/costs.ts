import { Extensions } from '@nestjs/graphql';

const EXTENSION = 'cost';

/** What a field takes, where it is more than most: in fields as they are told. */
export interface FieldCost {
  /** By itself, wherever it stands. */
  readonly weight?: number;
}

/** On a field: what it counts for in the cost of a query (`limits.ts`). */
export const Costs = (cost: FieldCost): MethodDecorator & PropertyDecorator =>
  Extensions({ [EXTENSION]: cost });

export const costOf = ({ extensions }: { readonly extensions: object }): FieldCost =>
  (extensions as { readonly [EXTENSION]?: FieldCost })[EXTENSION] ?? {};
