import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  GraphQLError,
  Kind,
  type OperationDefinitionNode,
  type ParseOptions,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

export interface QueryLimits {
  /** Nested selections. */
  readonly depthMax: number;
  /** Fields that an answer could hold, lists counted by how many rows they ask for. */
  readonly costMax: number;
}

/** For every parser: what is longer, or nested more deeply than its tokens allow, takes too long to be refused for other reasons. */
export const PARSE_OPTIONS: ParseOptions = { maxTokens: 5_000 };

export const defaultLimits: QueryLimits = { depthMax: 15, costMax: 20_000 };

const ROWS_MAX = 1_000;
const ROWS_DEFAULT = 20;

export interface Measure {
  readonly depth: number;
  readonly cost: number;
}

/** Refuses a document that asks for too much before anything of it runs. */
export function limitPlugin(limits: QueryLimits): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ document, operation, request }) {
          if (operation !== undefined) checkLimits(limits, document, operation, request.variables ?? {});
        },
      };
    },
  };
}

/** @throws GraphQLError QUERY_TOO_DEEP, QUERY_TOO_COMPLEX */
export function checkLimits(
  { depthMax, costMax }: QueryLimits,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const { depth, cost } = measureOperation(document, operation, variables);
  if (depth > depthMax) throw refused('QUERY_TOO_DEEP', { depth, limit: depthMax });
  if (cost > costMax) throw refused('QUERY_TOO_COMPLEX', { cost, limit: costMax });
}

const refused = (
  code: 'QUERY_TOO_DEEP' | 'QUERY_TOO_COMPLEX',
  details: Readonly<Record<string, number>>,
): GraphQLError =>
  new GraphQLError('The query asks for too much', { extensions: { code, details, http: { status: 400 } } });

export function measureOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Measure {
  return new Measurer(document, variables).selection(operation.selectionSet);
}

/** Fragments are measured once each, so that a document cannot make its own measuring expensive. */
class Measurer {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly measured = new Map<string, Measure>();

  constructor(
    document: DocumentNode,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {
    this.fragments = new Map(
      document.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
  }

  selection({ selections }: SelectionSetNode): Measure {
    const parts = selections.map((node) => this.node(node));
    return {
      depth: Math.max(0, ...parts.map(({ depth }) => depth)),
      cost: parts.reduce((sum, { cost }) => sum + cost, 0),
    };
  }

  private node(node: SelectionNode): Measure {
    switch (node.kind) {
      case Kind.INLINE_FRAGMENT:
        return this.selection(node.selectionSet);
      case Kind.FRAGMENT_SPREAD:
        return this.fragment(node.name.value);
      case Kind.FIELD:
        return this.field(node);
    }
  }

  private field(node: FieldNode): Measure {
    if (node.selectionSet === undefined) return { depth: 1, cost: 1 };
    const below = this.selection(node.selectionSet);
    // The schema is no bigger than it is, however it is asked for.
    const cost = node.name.value.startsWith('__') ? 1 : 1 + below.cost * this.rows(node);
    return { depth: below.depth + 1, cost };
  }

  /** Validation has refused cycles of fragments before this runs. */
  private fragment(name: string): Measure {
    const known = this.measured.get(name);
    if (known !== undefined) return known;
    const definition = this.fragments.get(name);
    const measure =
      definition === undefined ? { depth: 0, cost: 0 } : this.selection(definition.selectionSet);
    this.measured.set(name, measure);
    return measure;
  }

  private rows(node: FieldNode): number {
    const asked = node.arguments?.find(({ name }) => name.value === 'first' || name.value === 'limit')?.value;
    if (asked === undefined) return isList(node) ? ROWS_DEFAULT : 1;
    const rows =
      asked.kind === Kind.VARIABLE
        ? this.variables[asked.name.value]
        : asked.kind === Kind.INT
          ? Number(asked.value)
          : null;
    return typeof rows === 'number' ? Math.min(Math.max(rows, 1), ROWS_MAX) : ROWS_DEFAULT;
  }
}

/** A connection without `first` has rows all the same. */
const isList = (node: FieldNode): boolean =>
  node.selectionSet?.selections.some((part) => part.kind === Kind.FIELD && part.name.value === 'edges') ??
  false;
