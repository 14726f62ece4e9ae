import type { ApolloServerPlugin } from '@apollo/server';
import { currentRequest } from '../server/request-context.js';

/** Tells the request's log line and metrics which operation ran and which errors it answered with. */
export const operationObserver: ApolloServerPlugin = {
  async requestDidStart() {
    const current = currentRequest();
    return {
      async didResolveOperation({ operation, operationName }) {
        if (current !== undefined && operation !== undefined)
          current.operation = { name: operationName, kind: operation.operation };
      },
      async willSendResponse({ response }) {
        if (current === undefined || response.body.kind !== 'single') return;
        const errors = response.body.singleResult.errors ?? [];
        current.errorCodes = errors.map((error) => String(error.extensions?.['code']));
      },
    };
  },
};
