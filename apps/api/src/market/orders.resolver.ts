import { Inject } from '@nestjs/common';
import {
  Args,
  ArgsType,
  Context,
  Field,
  InputType,
  Parent,
  Query,
  ResolveField,
  Resolver,
} from '@nestjs/graphql';
import { parseUuid } from '@abland/domain';
import { listOrders, orderById, type OrderStatus as Status } from '@abland/projections';
import type { ApiContext } from '../graphql/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar, HashScalar, UuidScalar } from '../graphql/scalars.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import { address, hash, optional, same } from './filters.js';
import { Finality } from './finality.types.js';
import { Order, OrderConnection, OrderKind, orderOf, OrderStatus } from './order.types.js';
import { PageArgs } from './page.args.js';
import { connect, pageRequest } from './page-request.js';

@InputType()
export class OrderFilterInput {
  @Field(() => AddressScalar, { nullable: true })
  user?: string | null;

  @Field(() => HashScalar, { nullable: true })
  poolId?: string | null;

  @Field(() => [OrderStatus], { nullable: true })
  statuses?: Status[] | null;

  @Field(() => [OrderKind], { nullable: true })
  kinds?: (keyof typeof OrderKind)[] | null;
}

@ArgsType()
export class OrdersArgs extends PageArgs {
  @Field(() => OrderFilterInput, { nullable: true })
  filter!: OrderFilterInput | null;
}

@Resolver(() => Order)
export class OrdersResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => Order, { nullable: true })
  async order(@Args('id', { type: () => UuidScalar }) id: string): Promise<Order | null> {
    const view = await orderById(this.api.readModel, parseUuid(id, 'id'));
    return view === null ? null : orderOf(view);
  }

  @Query(() => OrderConnection, { description: 'Newest request first.' })
  async orders(@Args() { filter, ...page }: OrdersArgs): Promise<Connection<Order>> {
    const found = await listOrders(this.api.readModel, {
      filter: {
        ...optional('user', filter?.user, address),
        ...optional('poolId', filter?.poolId, hash),
        ...optional('statuses', filter?.statuses, same),
        ...optional('kinds', filter?.kinds, same),
      },
      page: pageRequest(page),
    });
    return connect(found, orderOf);
  }

  @ResolveField(() => Finality, { nullable: true, description: 'Null while it is not on the chain.' })
  async finality(
    @Parent() { blockNumber }: Order,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality | null> {
    return blockNumber === null ? null : loaders.finality(blockNumber);
  }
}
