import { Inject } from '@nestjs/common';
import { Args, ArgsType, Field, Query, Resolver } from '@nestjs/graphql';
import { type OperationStatus as Status, parseUuid } from '@abland/domain';
import {
  listOperations,
  listParkedEvents,
  operationById,
  type ParkedAt as At,
  type ReadModel,
} from '@abland/projections';
import { CallerSession } from '../context/api-context.js';
import type pg from 'pg';
import type { Connection } from '../graphql/connection.js';
import { PageArgs } from '../graphql/page.args.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { UuidScalar } from '../graphql/scalars.js';
import { PORT } from '../ports/ports.js';
import { Roles } from '../roles/roles.js';
import type { SignedInSession } from '../sessions/session.js';
import { Operation, OperationConnection, operationOf, OperationStatus } from './operation.types.js';
import type { ParkedEvent } from './parked-event.types.js';
import { ParkedAt, ParkedEventConnection } from './parked-event.types.js';

@ArgsType()
export class ParkedEventsArgs extends PageArgs {
  @Field(() => ParkedAt, { nullable: true })
  at!: At | null;
}

@ArgsType()
export class OperationsArgs extends PageArgs {
  @Field(() => OperationStatus, { nullable: true, description: 'Absent: of any.' })
  status!: Status | null;
}

/** What operators did; only for operators and auditors. */
@Resolver()
export class OperationsResolver {
  constructor(
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(Roles) private readonly roles: Roles,
    @Inject(PORT.pool) private readonly pool: pg.Pool,
  ) {}

  @Query(() => Operation, { nullable: true, description: 'Only for operators and auditors.' })
  async operation(
    @CallerSession() caller: SignedInSession,
    @Args('id', { type: () => UuidScalar }) id: string,
  ): Promise<Operation | null> {
    await this.roles.require(caller, 'READ_INTERNAL');
    const view = await operationById(this.readModel, parseUuid(id, 'id'));
    return view === null ? null : operationOf(view);
  }

  @Query(() => OperationConnection, {
    description: 'What operators did, newest first; only for operators and auditors.',
  })
  async operations(
    @CallerSession() caller: SignedInSession,
    @Args() { status, ...page }: OperationsArgs,
  ): Promise<Connection<Operation>> {
    await this.roles.require(caller, 'READ_INTERNAL');
    return connect(await listOperations(this.readModel, { status, page: pageRequest(page) }), operationOf);
  }

  @Query(() => ParkedEventConnection, {
    description: 'What was left out for the rest to go on, oldest first; only for operators and auditors.',
  })
  async parkedEvents(
    @CallerSession() caller: SignedInSession,
    @Args() { at, ...page }: ParkedEventsArgs,
  ): Promise<Connection<ParkedEvent>> {
    await this.roles.require(caller, 'READ_INTERNAL');
    return connect(await listParkedEvents(this.pool, { at, page: pageRequest(page) }), (view) => view);
  }
}
