import { Extensions } from '@nestjs/graphql';
import type { DocumentNode, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { rootFieldsOf } from '../rate-limits/rate-classed.js';

const EXTENSION = 'sameForAll';

/** On a query: its answer is made of the read models and its arguments alone, whoever asks. */
export const SameForAll = (): MethodDecorator => Extensions({ [EXTENSION]: true }) as MethodDecorator;

/** Whether an operation asks for nothing else. */
export function isSameForAll(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): boolean {
  const fields = schema.getQueryType()?.getFields() ?? {};
  return (
    operation.operation === 'query' &&
    rootFieldsOf(document, operation).every(
      (name) => name === '__typename' || fields[name]?.extensions[EXTENSION] === true,
    )
  );
}
