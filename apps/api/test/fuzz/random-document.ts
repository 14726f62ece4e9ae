import type { SeededRandom } from '@abland/testing/seeded-random';
import {
  getNamedType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
} from 'graphql';
import type { NastyValues } from './nasty-values.js';

export interface RandomDocument {
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

type Value =
  null | boolean | number | string | EnumName | readonly Value[] | { readonly [name: string]: Value };
class EnumName {
  constructor(readonly name: string) {}
  toJSON(): string {
    return this.name;
  }
}

const DEPTH_MAX = 4;
const FIELDS_MAX = 6;

/** Documents that fit the schema, with values that fit their types and little else. */
export class DocumentGenerator {
  private variables: Record<string, unknown> = {};
  private definitions: string[] = [];

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly random: SeededRandom,
    private readonly values: NastyValues,
  ) {}

  /** Of one field of the root. */
  next(kind: 'query' | 'mutation'): RandomDocument {
    const root = kind === 'query' ? this.schema.getQueryType() : this.schema.getMutationType();
    const fields = Object.values(root?.getFields() ?? {});
    this.variables = {};
    this.definitions = [];
    const field = this.field(this.random.pick(fields), 0);
    const named = this.definitions.length === 0 ? '' : `(${this.definitions.join(', ')})`;
    return { query: `${kind} ${named} { ${field} }`, variables: this.variables };
  }

  private field(field: GraphQLField<unknown, unknown>, depth: number): string {
    const given = field.args.flatMap((argument) =>
      this.isGiven(isRequiredArgument(argument)) ? [`${argument.name}: ${this.argument(argument)}`] : [],
    );
    const told = given.length === 0 ? '' : `(${given.join(', ')})`;
    return `${field.name}${told}${this.selection(field.type, depth)}`;
  }

  private selection(type: GraphQLOutputType, depth: number): string {
    const named = getNamedType(type);
    if (!isObjectType(named)) return '';
    return ` { __typename ${this.chosen(named, depth).join(' ')} }`;
  }

  private chosen(type: GraphQLObjectType, depth: number): readonly string[] {
    const fields = Object.values(type.getFields()).filter(
      ({ type: of }) => isLeafType(getNamedType(of)) || depth < DEPTH_MAX,
    );
    const count = Math.min(fields.length, 1 + this.random.below(FIELDS_MAX));
    const picked = new Set(Array.from({ length: count }, () => this.random.pick(fields)));
    return [...picked].map((field) => this.field(field, depth + 1));
  }

  private argument({ type }: GraphQLArgument): string {
    const value = this.value(type);
    if (!this.random.chance(0.5)) return literal(value);
    const name = `v${this.definitions.length}`;
    this.definitions.push(`$${name}: ${String(type)}`);
    this.variables[name] = value;
    return `$${name}`;
  }

  private value(type: GraphQLInputType): Value {
    if (isNonNullType(type)) return this.present(type.ofType);
    return this.random.chance(0.1) ? null : this.present(type);
  }

  private present(type: GraphQLInputType): Value {
    if (isListType(type))
      return Array.from({ length: this.random.below(4) }, () => this.value(type.ofType as GraphQLInputType));
    if (isEnumType(type)) return new EnumName(this.random.pick(type.getValues()).name);
    if (isInputObjectType(type)) {
      const given = Object.values(type.getFields()).filter((field) =>
        this.isGiven(isRequiredInputField(field)),
      );
      return Object.fromEntries(
        given.map((field: GraphQLInputField) => [field.name, this.value(field.type)]),
      );
    }
    switch (String(type)) {
      case 'Int':
        return this.values.integer();
      case 'Float':
        return this.values.number();
      case 'Boolean':
        return this.random.chance(0.5);
      default:
        return this.values.text();
    }
  }

  private isGiven(required: boolean): boolean {
    return required || this.random.chance(0.6);
  }
}

function literal(value: Value): string {
  if (value instanceof EnumName) return value.name;
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, part]) => `${name}: ${literal(part as Value)}`)
    .join(', ')} }`;
}
