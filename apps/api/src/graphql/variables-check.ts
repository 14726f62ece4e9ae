import type { ApolloServerPlugin } from '@apollo/server';
import {
  coerceInputValue,
  GraphQLError,
  type GraphQLSchema,
  isInputType,
  Kind,
  type OperationDefinitionNode,
  typeFromAST,
  type VariableDefinitionNode,
} from 'graphql';

/** Checks variables before graphql-js does, because its own errors name the field only inside of their messages. */
export const variablesCheck: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ schema, operation, request }) {
        if (operation !== undefined) checkVariables(schema, operation, request.variables ?? {});
      },
    };
  },
};

/** @throws GraphQLError with the path of the first variable at fault as `field`. */
export function checkVariables(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  for (const definition of operation.variableDefinitions ?? []) checkVariable(schema, definition, variables);
}

function checkVariable(
  schema: GraphQLSchema,
  definition: VariableDefinitionNode,
  variables: Readonly<Record<string, unknown>>,
): void {
  const name = definition.variable.name.value;
  const type = typeFromAST(schema, definition.type);
  if (!isInputType(type)) return;
  const given = Object.hasOwn(variables, name);
  if (!given) {
    if (definition.defaultValue === undefined && definition.type.kind === Kind.NON_NULL_TYPE) {
      throw refused(`Variable "$${name}" is required`, name);
    }
    return;
  }
  coerceInputValue(variables[name], type, (path, _value, error) => {
    throw refused(error.message, fieldPath(name, path, error.message));
  });
}

/**
 * A field of an input object is named from there on, as the rules of the domain name it; a variable by itself by its own
 * name. graphql-js reports unknown and missing fields at their parent.
 */
function fieldPath(variable: string, path: readonly (string | number)[], message: string): string {
  const named = /^Field "([A-Za-z0-9_]+)"/.exec(message)?.[1];
  const inside = [...path, ...(named === undefined ? [] : [named])];
  return inside.length === 0 ? variable : inside.join('.');
}

function refused(message: string, field: string): GraphQLError {
  return new GraphQLError(message, {
    extensions: { code: 'GRAPHQL_VALIDATION_FAILED', field, http: { status: 400 } },
  });
}
