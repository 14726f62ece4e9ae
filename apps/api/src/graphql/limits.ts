import {
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type SelectionSetNode,
  type ValidationContext,
  type ValidationRule,
} from 'graphql';

export interface QueryLimits {
  /** Nested selections. */
  readonly depthMax: number;
  /** Fields that an answer could hold, lists counted by their `first`. */
  readonly costMax: number;
}

export const defaultLimits: QueryLimits = { depthMax: 15, costMax: 20_000 };

/** Rows of a connection where `first` is a variable or absent. */
const ROWS_UNKNOWN = 20;
const ROWS_MAX = 100;

interface Measure {
  readonly depth: number;
  readonly cost: number;
}

/** Refuses a document before anything of it runs. Introspection is measured like everything else but only for its depth. */
export function limitRule(limits: QueryLimits): ValidationRule {
  return (context: ValidationContext) => ({
    OperationDefinition(node) {
      const measure = createMeasurer(context);
      const { depth, cost } = measure(node.selectionSet, new Set());
      if (depth > limits.depthMax)
        report(context, 'QUERY_TOO_DEEP', 'nested', { depth, limit: limits.depthMax });
      if (cost > limits.costMax)
        report(context, 'QUERY_TOO_COMPLEX', 'wide', { cost, limit: limits.costMax });
    },
  });
}

function report(
  context: ValidationContext,
  code: 'QUERY_TOO_DEEP' | 'QUERY_TOO_COMPLEX',
  how: string,
  details: Readonly<Record<string, number>>,
): void {
  context.reportError(new GraphQLError(`The query is too ${how}`, { extensions: { code, details } }));
}

function createMeasurer(
  context: ValidationContext,
): (selection: SelectionSetNode, inside: ReadonlySet<string>) => Measure {
  const known = new Map<string, Measure>();
  const measure = (selection: SelectionSetNode, inside: ReadonlySet<string>): Measure => {
    let depth = 0;
    let cost = 0;
    for (const node of selection.selections) {
      const part = measureNode(node, inside);
      depth = Math.max(depth, part.depth);
      cost += part.cost;
    }
    return { depth, cost };
  };
  const measureFragment = (fragment: FragmentDefinitionNode, inside: ReadonlySet<string>): Measure => {
    const name = fragment.name.value;
    const measured = known.get(name);
    if (measured !== undefined) return measured;
    const result = measure(fragment.selectionSet, new Set([...inside, name]));
    known.set(name, result);
    return result;
  };
  const measureNode = (
    node: SelectionSetNode['selections'][number],
    inside: ReadonlySet<string>,
  ): Measure => {
    if (node.kind === Kind.INLINE_FRAGMENT) return measure(node.selectionSet, inside);
    if (node.kind === Kind.FRAGMENT_SPREAD) {
      const fragment = context.getFragment(node.name.value);
      // A cycle is refused by another rule; here it only must not loop.
      if (!fragment || inside.has(node.name.value)) return { depth: 0, cost: 0 };
      return measureFragment(fragment, inside);
    }
    if (node.selectionSet === undefined) return { depth: 1, cost: 1 };
    const below = measure(node.selectionSet, inside);
    const introspection = node.name.value.startsWith('__');
    return { depth: below.depth + 1, cost: introspection ? 1 : 1 + below.cost * rowsOf(node) };
  };
  return measure;
}

function rowsOf(node: {
  readonly arguments?: readonly { name: { value: string }; value: { kind: string } }[];
}): number {
  const first = node.arguments?.find(
    (argument) => argument.name.value === 'first' || argument.name.value === 'limit',
  );
  if (first === undefined) return 1;
  if (first.value.kind !== Kind.INT) return ROWS_UNKNOWN;
  const rows = Number((first.value as { value?: string }).value);
  return Math.min(Math.max(rows, 1), ROWS_MAX);
}
