import type { ApolloServerPlugin } from '@apollo/server';
import { Kind, type OperationDefinitionNode } from 'graphql';
import { currentRequest } from '../http/request-context.js';

const FIELDS_NAMED_MAX = 5;

/** What an operation without a name is known by. */
function rootFields({ selectionSet }: OperationDefinitionNode): string {
  const names = selectionSet.selections.flatMap((node) =>
    node.kind === Kind.FIELD ? [node.name.value] : [],
  );
  return names.slice(0, FIELDS_NAMED_MAX).join(',');
}

/** Tells the request's log line and metrics which operation ran and which errors it answered with. */
export const operationObserver: ApolloServerPlugin = {
  async requestDidStart() {
    const current = currentRequest();
    return {
      async didResolveOperation({ operation, operationName }) {
        if (current !== undefined && operation !== undefined)
          current.operation = { name: operationName ?? rootFields(operation), kind: operation.operation };
      },
      async willSendResponse({ response }) {
        if (current === undefined || response.body.kind !== 'single') return;
        const errors = response.body.singleResult.errors ?? [];
        current.errorCodes = errors.map((error) => String(error.extensions?.['code']));
      },
    };
  },
};
