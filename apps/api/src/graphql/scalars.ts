import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';

/**
 * Text of a fixed form. Callers' values pass as they are and are checked where the command or the query is read, because
 * only there the path of the field and the code of its error are known; what is no text at all is refused here.
 */
function textScalar(name: string, description: string): GraphQLScalarType<string, string> {
  return new GraphQLScalarType({
    name,
    description,
    serialize: (value) => {
      if (typeof value === 'string') return value;
      throw new TypeError(`${name} cannot represent ${typeof value}`);
    },
    parseValue: (value) => {
      if (typeof value === 'string') return value;
      throw new GraphQLError(`${name} must be a string`);
    },
    parseLiteral: (node: ValueNode) => {
      if (node.kind === Kind.STRING) return node.value;
      throw new GraphQLError(`${name} must be a string`, { nodes: node });
    },
  });
}

export const AddressScalar = textScalar(
  'Address',
  'An EVM address. Answers are EIP-55 checksummed; input in mixed case must have the right checksum, input in one case is taken.',
);

export const HashScalar = textScalar(
  'Hash',
  '32 bytes in lower-case hexadecimal: a transaction, a block, a pool id.',
);

export const HexDataScalar = textScalar('HexData', 'Any number of bytes in hexadecimal, with 0x before.');

export const UuidScalar = textScalar('Uuid', 'A UUID: the id of a command or of what it created.');

export const CursorScalar = textScalar('Cursor', 'Opaque: the place of a row in its list.');

export const DateTimeScalar = textScalar('DateTime', 'A moment in ISO 8601, UTC, with milliseconds.');

export const BigIntStringScalar = new GraphQLScalarType<string, bigint | string>({
  name: 'BigIntString',
  description: 'An integer as decimal text, never a float: amounts are in base units of their token.',
  serialize: (value) => {
    if (typeof value === 'bigint') return value.toString();
    if (typeof value === 'string' && /^-?\d+$/.test(value)) return value;
    throw new TypeError(`BigIntString cannot represent ${typeof value}`);
  },
  parseValue: (value) => {
    if (typeof value === 'string') return value;
    throw new GraphQLError('BigIntString must be a string of decimal digits');
  },
  parseLiteral: (node: ValueNode) => {
    if (node.kind === Kind.STRING) return node.value;
    throw new GraphQLError('BigIntString must be a string of decimal digits', { nodes: node });
  },
});

export const JsonScalar = new GraphQLScalarType<unknown, unknown>({
  name: 'JSON',
  description: 'A JSON value; only in answers.',
  serialize: (value) => value,
  parseValue: () => {
    throw new GraphQLError('JSON is not taken as input');
  },
});
