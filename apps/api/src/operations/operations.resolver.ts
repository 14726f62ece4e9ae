import { Inject } from '@nestjs/common';
import { Args, Query, Resolver } from '@nestjs/graphql';
import { parseUuid } from '@abland/domain';
import { listOperations, operationById, type ReadModel } from '@abland/projections';
import { Caller } from '../context/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { PageArgs } from '../graphql/page.args.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { UuidScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { Operation, OperationConnection, operationOf } from './operation.types.js';
import { type Operators, requireOperator } from './operators.js';

/** What operators did; only for operators. */
@Resolver()
export class OperationsResolver {
  constructor(
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PORT.operators) private readonly operators: Operators,
  ) {}

  @Query(() => Operation, { nullable: true, description: 'Only for operators.' })
  async operation(
    @Caller() caller: string,
    @Args('id', { type: () => UuidScalar }) id: string,
  ): Promise<Operation | null> {
    requireOperator(this.operators, caller);
    const view = await operationById(this.readModel, parseUuid(id, 'id'));
    return view === null ? null : operationOf(view);
  }

  @Query(() => OperationConnection, {
    description: 'What operators did, newest first; only for operators.',
  })
  async operations(
    @Caller() caller: string,
    @Args({ type: () => PageArgs }) page: PageArgs,
  ): Promise<Connection<Operation>> {
    requireOperator(this.operators, caller);
    return connect(await listOperations(this.readModel, { page: pageRequest(page) }), operationOf);
  }
}
