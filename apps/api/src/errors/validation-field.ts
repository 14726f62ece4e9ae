import { type ASTNode, type GraphQLError, Kind, type Location, parse, visit } from 'graphql';

/** graphql-js names what is missing only in its message; tests hold this against the installed version. */
const missingArgument = /argument "([A-Za-z0-9_]+)" of type/;
const missingInputField = /^Field "[A-Za-z0-9_]+\.([A-Za-z0-9_]+)" of required type/;

/** The field or argument that a document was refused for; null where the fault is not in one. */
export function fieldOfValidationError(error: GraphQLError): string | null {
  const missing = missingArgument.exec(error.message)?.[1] ?? missingInputField.exec(error.message)?.[1];
  if (missing !== undefined) return missing;
  const [node] = error.nodes ?? [];
  return node === undefined ? null : (nameOf(node) ?? nameAround(node.loc));
}

function nameOf(node: ASTNode): string | null {
  switch (node.kind) {
    case Kind.FIELD:
    case Kind.ARGUMENT:
    case Kind.OBJECT_FIELD:
    case Kind.VARIABLE:
      return node.name.value;
    case Kind.VARIABLE_DEFINITION:
      return node.variable.name.value;
    default:
      return null;
  }
}

/** A value does not know what it is the value of: the innermost argument or field around it does. */
function nameAround(place: Location | undefined): string | null {
  if (place === undefined) return null;
  let innermost: string | null = null;
  const around = (node: {
    readonly name: { readonly value: string };
    readonly loc?: Location | undefined;
  }) => {
    const { loc } = node;
    if (loc !== undefined && loc.start <= place.start && loc.end >= place.end) innermost = node.name.value;
  };
  visit(parse(place.source), { Argument: around, ObjectField: around });
  return innermost;
}
