import { Inject } from '@nestjs/common';
import { Args, Context, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import { type EventStore, InvariantViolation, type Position, type RecordedEvent } from '@abland/kernel';
import {
  type ExplainedTable,
  explainedTable,
  explainedTables,
  isExplainedWhole,
  isKeyOf,
  listRowChanges,
  type ReadModel,
} from '@abland/projections';
import type { ApiContext } from '../context/api-context.js';
import { ApiError } from '../errors/api-error.js';
import type { Connection } from '../graphql/connection.js';
import { PageArgs } from '../graphql/page.args.js';
import { connect, pageRequest } from '../graphql/page-request.js';
import { PORT } from '../ports/ports.js';
import { Roles } from '../roles/roles.js';
import { Explanation, type RowEvent, RowEventConnection, rowEventOf } from './explain.types.js';

const KEY = 'The values of its key, in order; a refusal names the columns.';

@Resolver(() => Explanation)
export class ExplainResolver {
  constructor(
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(PORT.log) private readonly log: EventStore,
    @Inject(Roles) private readonly roles: Roles,
  ) {}

  @Query(() => Explanation, {
    description:
      'The events that made a row of a read model. What the chain told is told to anybody, all else to operators and auditors.',
  })
  async explain(
    @Args('table', { type: () => String }) name: string,
    @Args('key', { type: () => [String], description: KEY }) key: string[],
    @Context() context: ApiContext,
  ): Promise<Explanation> {
    const of = explainedTable(name);
    if (of === null) {
      throw new ApiError('INVALID_ARGUMENT', 'There is no such table', 'table', { known: explainedTables() });
    }
    if (!of.isPublic) await this.requireReader(context);
    if (!isKeyOf(of, key)) {
      throw new ApiError('INVALID_ARGUMENT', `The key is of ${of.key.join(', ')}`, 'key', {
        columns: of.key,
      });
    }
    return { of, table: name, key, isWhole: await isExplainedWhole(this.readModel, { table: of, key }) };
  }

  @ResolveField(() => RowEventConnection, { description: 'The newest first.' })
  async events(
    @Parent() { key, of }: Explanation,
    @Args({ type: () => PageArgs }) page: PageArgs,
  ): Promise<Connection<RowEvent>> {
    const changes = await listRowChanges(this.readModel, { table: of, key, page: pageRequest(page) });
    const events = new Map<Position, RecordedEvent>();
    for (const { node } of changes.edges) events.set(node.position, await this.eventAt(node.position, of));
    return connect(changes, (change) => rowEventOf(change, events.get(change.position) as RecordedEvent));
  }

  private async eventAt(position: Position, { name }: ExplainedTable): Promise<RecordedEvent> {
    for await (const [event] of this.log.readAll({ after: position - 1n, until: position, maxCount: 1 })) {
      if (event !== undefined) return event;
    }
    throw new InvariantViolation('The log lacks an event that changed a row', { position, table: name });
  }

  private async requireReader({ session }: ApiContext): Promise<void> {
    const caller = await session();
    const asking = caller.kind === 'signed-in' ? caller : { address: '', key: null };
    await this.roles.require(asking, 'READ_INTERNAL');
  }
}
