import {
  type ArgumentNode,
  type ASTNode,
  type GraphQLError,
  Kind,
  type Location,
  type ObjectFieldNode,
  parse,
  type Source,
  visit,
} from 'graphql';

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
  const around = spansOf(place.source).filter(({ start, end }) => start <= place.start && end >= place.end);
  return around.at(-1)?.name ?? null;
}

/** Where an argument or a field of an input stands; an inner one comes after the outer. */
interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A document may be refused for a hundred things at once: it is looked through once. */
const spans = new WeakMap<Source, readonly Span[]>();

function spansOf(source: Source): readonly Span[] {
  const known = spans.get(source);
  if (known !== undefined) return known;
  const found: Span[] = [];
  const note = ({ loc, name }: ArgumentNode | ObjectFieldNode): void => {
    if (loc !== undefined) found.push({ name: name.value, start: loc.start, end: loc.end });
  };
  visit(parse(source), { Argument: note, ObjectField: note });
  spans.set(source, found);
  return found;
}
