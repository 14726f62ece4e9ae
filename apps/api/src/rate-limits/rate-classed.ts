import { Extensions } from '@nestjs/graphql';
import {
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLSchema,
  Kind,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import type { RateClass } from './rate-limit.js';

const EXTENSION = 'rateClass';

/** On a field of the root: each time that an operation asks for it counts in this class. */
export const RateClassed = (rateClass: Exclude<RateClass, 'general'>): MethodDecorator =>
  Extensions({ [EXTENSION]: rateClass }) as MethodDecorator;

/** A field of the root and how often an operation asks for it, by whatever alias and fragment. */
export interface ClassedField {
  readonly name: string;
  readonly rateClass: RateClass;
  readonly times: number;
}

/** Of a document that has been found valid: its fragments are no circles. What is asked for under a condition counts. */
export function classedFields(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): readonly ClassedField[] {
  const fields = schema.getRootType(operation.operation)?.getFields() ?? {};
  const counts = countsOf(operation.selectionSet, fragmentsOf(document), new Map());
  return [...counts].flatMap(([name, times]) => {
    const rateClass = fields[name]?.extensions[EXTENSION] as RateClass | undefined;
    return rateClass === undefined ? [] : [{ name, rateClass, times }];
  });
}

/** By name, through whatever fragments; those of the schema's own too. */
export const rootFieldsOf = (
  document: DocumentNode,
  { selectionSet }: OperationDefinitionNode,
): readonly string[] => [...countsOf(selectionSet, fragmentsOf(document), new Map()).keys()];

type Counts = ReadonlyMap<string, number>;
type Fragments = ReadonlyMap<string, FragmentDefinitionNode>;

/** A fragment is counted once, and its counts are added wherever it is spread. */
function countsOf(
  { selections }: SelectionSetNode,
  fragments: Fragments,
  known: Map<string, Counts>,
): Counts {
  const counts = new Map<string, number>();
  const add = (more: Counts): void => {
    for (const [name, times] of more) counts.set(name, (counts.get(name) ?? 0) + times);
  };
  for (const node of selections) {
    if (node.kind === Kind.FIELD) add(new Map([[node.name.value, 1]]));
    else if (node.kind === Kind.INLINE_FRAGMENT) add(countsOf(node.selectionSet, fragments, known));
    else add(ofFragment(node.name.value, fragments, known));
  }
  return counts;
}

function ofFragment(name: string, fragments: Fragments, known: Map<string, Counts>): Counts {
  const before = known.get(name);
  if (before !== undefined) return before;
  const definition = fragments.get(name);
  const counts = definition === undefined ? new Map() : countsOf(definition.selectionSet, fragments, known);
  known.set(name, counts);
  return counts;
}

const fragmentsOf = ({ definitions }: DocumentNode): Fragments =>
  new Map(
    definitions.flatMap((node) =>
      node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
    ),
  );
