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
  /** Fields that are looked up each by itself. */
  readonly lookupsMax: number;
}

/** For every parser: what is longer, or nested more deeply than its tokens allow, takes too long to be refused for other reasons. */
export const PARSE_OPTIONS: ParseOptions = { maxTokens: 5_000 };

export const defaultLimits: QueryLimits = { depthMax: 15, costMax: 20_000, lookupsMax: 50 };

const ROWS_MAX = 1_000;
const ROWS_DEFAULT = 20;

export interface Measure {
  readonly depth: number;
  readonly cost: number;
  /** Fields of the root, and below it those with arguments: no two of them share a statement. */
  readonly lookups: number;
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

/** @throws GraphQLError QUERY_TOO_DEEP, QUERY_TOO_COMPLEX, QUERY_TOO_WIDE */
export function checkLimits(
  { depthMax, costMax, lookupsMax }: QueryLimits,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const { depth, cost, lookups } = measureOperation(document, operation, variables);
  if (depth > depthMax) throw refused('QUERY_TOO_DEEP', { depth, limit: depthMax });
  if (cost > costMax) throw refused('QUERY_TOO_COMPLEX', { cost, limit: costMax });
  if (lookups > lookupsMax) throw refused('QUERY_TOO_WIDE', { lookups, limit: lookupsMax });
}

const refused = (
  code: 'QUERY_TOO_DEEP' | 'QUERY_TOO_COMPLEX' | 'QUERY_TOO_WIDE',
  details: Readonly<Record<string, number>>,
): GraphQLError =>
  new GraphQLError('The query asks for too much', { extensions: { code, details, http: { status: 400 } } });

export function measureOperation(
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Measure {
  return new Measurer(document, variables).selection(operation.selectionSet, true);
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

  selection({ selections }: SelectionSetNode, root: boolean): Measure {
    const parts = selections.map((node) => this.node(node, root));
    const sum = (of: (part: Measure) => number): number => parts.reduce((all, part) => all + of(part), 0);
    return {
      depth: Math.max(0, ...parts.map(({ depth }) => depth)),
      cost: sum(({ cost }) => cost),
      lookups: sum(({ lookups }) => lookups),
    };
  }

  private node(node: SelectionNode, root: boolean): Measure {
    switch (node.kind) {
      case Kind.INLINE_FRAGMENT:
        return this.selection(node.selectionSet, root);
      case Kind.FRAGMENT_SPREAD:
        return this.fragment(node.name.value, root);
      case Kind.FIELD:
        return this.field(node, root);
    }
  }

  private field(node: FieldNode, root: boolean): Measure {
    const ofSchema = node.name.value.startsWith('__');
    const own = !ofSchema && (root || (node.arguments ?? []).length > 0) ? 1 : 0;
    if (node.selectionSet === undefined) return { depth: 1, cost: 1, lookups: own };
    const below = this.selection(node.selectionSet, false);
    // The schema is no bigger than it is, however it is asked for.
    if (ofSchema) return { depth: below.depth + 1, cost: 1, lookups: 0 };
    return {
      depth: below.depth + 1,
      cost: 1 + below.cost * this.rows(node),
      lookups: own + below.lookups,
    };
  }

  /** Validation has refused cycles of fragments before this runs, and those of the root below it. */
  private fragment(name: string, root: boolean): Measure {
    const known = this.measured.get(name);
    if (known !== undefined) return known;
    const definition = this.fragments.get(name);
    const measure =
      definition === undefined
        ? { depth: 0, cost: 0, lookups: 0 }
        : this.selection(definition.selectionSet, root);
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
