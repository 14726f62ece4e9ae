import { type ASTNode, type GraphQLError, Kind } from 'graphql';

/** graphql-js names a missing field only in its message; a test holds this against the installed version. */
const missing = /(?:Field|Argument|argument) "(?:[A-Za-z0-9_]+\.)?([A-Za-z0-9_]+)"/;

/** The field or argument that a document was refused for; null where the fault is not in one. */
export function fieldOfValidationError(error: GraphQLError): string | null {
  return missingField(error.message) ?? namedNode(error.nodes?.[0]);
}

function missingField(message: string): string | null {
  return message.includes('required') ? (missing.exec(message)?.[1] ?? null) : null;
}

function namedNode(node: ASTNode | undefined): string | null {
  switch (node?.kind) {
    case Kind.FIELD:
    case Kind.ARGUMENT:
    case Kind.OBJECT_FIELD:
      return node.name.value;
    case Kind.VARIABLE:
    case Kind.VARIABLE_DEFINITION:
      return node.kind === Kind.VARIABLE ? node.name.value : node.variable.name.value;
    default:
      return null;
  }
}
