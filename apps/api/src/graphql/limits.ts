import type { ApolloServerPlugin } from '@apollo/server';
import {
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  getNamedType,
  getNullableType,
  type GraphQLArgument,
  type GraphQLCompositeType,
  type GraphQLField,
  GraphQLError,
  type GraphQLSchema,
  isCompositeType,
  isListType,
  isUnionType,
  Kind,
  type OperationDefinitionNode,
  type ParseOptions,
  SchemaMetaFieldDef,
  type SelectionNode,
  type SelectionSetNode,
  typeFromAST,
  TypeMetaFieldDef,
  TypeNameMetaFieldDef,
} from 'graphql';
import { costOf } from './costs.js';

export interface QueryLimits {
  /** Nested selections. */
  readonly depthMax: number;
  /** Fields that an answer could hold, lists counted by how many rows they may have. */
  readonly costMax: number;
  /** Fields that are looked up each by itself. */
  readonly lookupsMax: number;
  /** Fields of the root. */
  readonly rootsMax: number;
  /** Fields under another name than their own. */
  readonly aliasesMax: number;
}

/** For every parser: what is longer, or nested more deeply than its tokens allow, takes too long to be refused for other reasons. */
export const PARSE_OPTIONS: ParseOptions = { maxTokens: 5_000 };

export const defaultLimits: QueryLimits = {
  ...{ depthMax: 15, costMax: 20_000, lookupsMax: 50 },
  ...{ rootsMax: 50, aliasesMax: 100 },
};

const ROWS_MAX = 1_000;
/** Of a list that nobody asks a number of rows of. */
const ROWS_DEFAULT = 20;
/** Arguments that say how many rows a list may have, or the lists of a connection. */
const SIZES: ReadonlySet<string> = new Set(['first', 'last', 'limit']);

export interface Measure {
  readonly depth: number;
  readonly cost: number;
  /** Fields of the root, and below it those with arguments: no two of them share a statement. */
  readonly lookups: number;
  readonly roots: number;
  readonly aliases: number;
}

/** Of fields in one selection: `perRow` is what lists cost for each row, of which the field around them says how many. */
interface Part extends Measure {
  readonly perRow: number;
}
const META_FIELDS: ReadonlyMap<string, GraphQLField<unknown, unknown>> = new Map(
  [SchemaMetaFieldDef, TypeMetaFieldDef, TypeNameMetaFieldDef].map((field) => [field.name, field]),
);
const NOTHING: Part = { depth: 0, cost: 0, lookups: 0, roots: 0, aliases: 0, perRow: 0 };

/** Refuses a document that asks for too much before anything of it runs. */
export function limitPlugin(limits: QueryLimits): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async didResolveOperation({ schema, document, operation, request }) {
          if (operation !== undefined)
            checkLimits(limits, schema, document, operation, request.variables ?? {});
        },
      };
    },
  };
}

/** @throws GraphQLError QUERY_TOO_DEEP, QUERY_TOO_COMPLEX, QUERY_TOO_WIDE */
export function checkLimits(
  { aliasesMax, costMax, depthMax, lookupsMax, rootsMax }: QueryLimits,
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const measure = measureOperation(schema, document, operation, variables);
  const { aliases, cost, depth, lookups, roots } = measure;
  if (depth > depthMax) throw refused('QUERY_TOO_DEEP', { depth, limit: depthMax });
  if (cost > costMax) throw refused('QUERY_TOO_COMPLEX', { cost, limit: costMax });
  if (lookups > lookupsMax) throw refused('QUERY_TOO_WIDE', { lookups, limit: lookupsMax });
  if (roots > rootsMax) throw refused('QUERY_TOO_WIDE', { roots, limit: rootsMax });
  if (aliases > aliasesMax) throw refused('QUERY_TOO_WIDE', { aliases, limit: aliasesMax });
}

const refused = (
  code: 'QUERY_TOO_DEEP' | 'QUERY_TOO_COMPLEX' | 'QUERY_TOO_WIDE',
  details: Readonly<Record<string, number>>,
): GraphQLError =>
  new GraphQLError('The query asks for too much', { extensions: { code, details, http: { status: 400 } } });

/** Of an operation that the schema has been found to know: what it does not know costs nothing. */
export function measureOperation(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): Measure {
  const root = schema.getRootType(operation.operation);
  if (!root) return NOTHING;
  const { cost, perRow, ...measure } = new Measurer(schema, document, variables).selection(
    operation.selectionSet,
    root,
    true,
  );
  return { ...measure, cost: cost + perRow * ROWS_DEFAULT };
}

/** Fragments are measured once each, so that a document cannot make its own measuring expensive. */
class Measurer {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly measured = new Map<string, Part>();

  constructor(
    private readonly schema: GraphQLSchema,
    document: DocumentNode,
    private readonly variables: Readonly<Record<string, unknown>>,
  ) {
    this.fragments = new Map(
      document.definitions.flatMap((node) =>
        node.kind === Kind.FRAGMENT_DEFINITION ? [[node.name.value, node] as const] : [],
      ),
    );
  }

  selection({ selections }: SelectionSetNode, type: GraphQLCompositeType, root: boolean): Part {
    const parts = selections.map((node) => this.node(node, type, root));
    const sum = (of: (part: Part) => number): number => parts.reduce((all, part) => all + of(part), 0);
    return {
      depth: Math.max(0, ...parts.map(({ depth }) => depth)),
      cost: sum(({ cost }) => cost),
      lookups: sum(({ lookups }) => lookups),
      roots: sum(({ roots }) => roots),
      aliases: sum(({ aliases }) => aliases),
      perRow: sum(({ perRow }) => perRow),
    };
  }

  private node(node: SelectionNode, type: GraphQLCompositeType, root: boolean): Part {
    switch (node.kind) {
      case Kind.INLINE_FRAGMENT:
        return this.selection(node.selectionSet, this.narrowed(node.typeCondition, type), root);
      case Kind.FRAGMENT_SPREAD:
        return this.fragment(node.name.value, type, root);
      case Kind.FIELD:
        return this.field(node, type, root);
    }
  }

  private field(node: FieldNode, parent: GraphQLCompositeType, root: boolean): Part {
    const name = node.name.value;
    const meta = META_FIELDS.get(name);
    const definition = meta ?? (isUnionType(parent) ? undefined : parent.getFields()[name]);
    const roots = root ? 1 : 0;
    const own = node.alias === undefined ? 0 : 1;
    if (definition === undefined) return { ...NOTHING, depth: 1, cost: 1, roots, aliases: own };
    const below = this.below(node, definition);
    const aliases = own + below.aliases;
    // The schema is no bigger than it is, however it is asked for.
    if (meta !== undefined) return { ...NOTHING, depth: below.depth + 1, cost: 1, roots, aliases };
    const lookups = root || (node.arguments ?? []).length > 0 ? 1 : 0;
    const { weight = 1 } = costOf(definition);
    const rows = this.rows(node, definition);
    const each = below.cost + below.perRow * (rows ?? ROWS_DEFAULT);
    const told = { depth: below.depth + 1, lookups: lookups + below.lookups, roots, aliases };
    if (!isListType(getNullableType(definition.type))) return { ...told, cost: weight + each, perRow: 0 };
    const row = Math.max(each, 1);
    return rows === null
      ? { ...told, cost: weight, perRow: row } // as many as the field around it says
      : { ...told, cost: weight + row * rows, perRow: 0 };
  }

  private below(node: FieldNode, { type }: GraphQLField<unknown, unknown>): Part {
    const named = getNamedType(type);
    return node.selectionSet === undefined || !isCompositeType(named)
      ? NOTHING
      : this.selection(node.selectionSet, named, false);
  }

  /** Validation has refused cycles of fragments before this runs, and those of the root below it. */
  private fragment(name: string, parent: GraphQLCompositeType, root: boolean): Part {
    const known = this.measured.get(name);
    if (known !== undefined) return known;
    const definition = this.fragments.get(name);
    const measure =
      definition === undefined
        ? NOTHING
        : this.selection(definition.selectionSet, this.narrowed(definition.typeCondition, parent), root);
    this.measured.set(name, measure);
    return measure;
  }

  private narrowed(
    condition: FragmentDefinitionNode['typeCondition'] | undefined,
    type: GraphQLCompositeType,
  ): GraphQLCompositeType {
    const named = condition && typeFromAST(this.schema, condition);
    return isCompositeType(named) ? named : type;
  }

  /** Null where the field has no argument for it. */
  private rows(node: FieldNode, { args }: GraphQLField<unknown, unknown>): number | null {
    const size = args.find(({ name }) => SIZES.has(name));
    if (size === undefined) return null;
    const asked = this.asked(node, size) ?? size.defaultValue;
    return typeof asked === 'number' ? Math.min(Math.max(asked, 1), ROWS_MAX) : ROWS_DEFAULT;
  }

  private asked(node: FieldNode, { name }: GraphQLArgument): unknown {
    const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
    if (value?.kind === Kind.VARIABLE) return this.variables[value.name.value];
    return value?.kind === Kind.INT ? Number(value.value) : undefined;
  }
}
