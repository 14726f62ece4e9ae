import type { ApolloServerPlugin } from '@apollo/server';
import { GraphQLError, OperationTypeNode } from 'graphql';

/** An answer over HTTP is one answer: who wants to follow something comes by a socket. */
export const subscriptionsElsewhere: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ operation }) {
        if (operation?.operation !== OperationTypeNode.SUBSCRIPTION) return;
        throw new GraphQLError('Subscriptions are served over WebSocket at the same path', {
          extensions: {
            code: 'SUBSCRIPTION_OVER_HTTP',
            details: { protocol: 'graphql-transport-ws' },
            http: { status: 400 },
          },
        });
      },
    };
  },
};
