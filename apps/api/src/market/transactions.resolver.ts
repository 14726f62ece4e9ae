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
import {
  listTransactions,
  transactionByHash,
  type TransactionStatus as Status,
  type TransactionType as Type,
} from '@abland/projections';
import type { ApiContext } from '../graphql/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar, HashScalar } from '../graphql/scalars.js';
import { API } from '../server/dependencies.js';
import type { ApiServices } from '../server/services.js';
import { address, hash, optional, same } from './filters.js';
import { Finality } from './finality.types.js';
import { PageArgs } from './page.args.js';
import { connect, pageRequest } from './page-request.js';
import {
  Transaction,
  TransactionConnection,
  transactionOf,
  TransactionStatus,
  TransactionType,
} from './transaction.types.js';

@InputType()
export class TransactionFilterInput {
  @Field(() => AddressScalar, { nullable: true })
  user?: string | null;

  @Field(() => AddressScalar, { nullable: true })
  token?: string | null;

  @Field(() => HashScalar, { nullable: true })
  poolId?: string | null;

  @Field(() => [TransactionType], { nullable: true })
  types?: Type[] | null;

  @Field(() => [TransactionStatus], { nullable: true })
  statuses?: Status[] | null;
}

@ArgsType()
export class TransactionsArgs extends PageArgs {
  @Field(() => TransactionFilterInput, { nullable: true })
  filter!: TransactionFilterInput | null;
}

@Resolver(() => Transaction)
export class TransactionsResolver {
  constructor(@Inject(API.services) private readonly api: ApiServices) {}

  @Query(() => Transaction, { nullable: true })
  async transaction(@Args('hash', { type: () => HashScalar }) txHash: string): Promise<Transaction | null> {
    const view = await transactionByHash(this.api.readModel, hash(txHash, 'hash'));
    return view === null ? null : transactionOf(view);
  }

  @Query(() => TransactionConnection, {
    description: 'Newest first; what is not mined yet comes before all others.',
  })
  async transactions(@Args() { filter, ...page }: TransactionsArgs): Promise<Connection<Transaction>> {
    const found = await listTransactions(this.api.readModel, {
      filter: {
        ...optional('user', filter?.user, address),
        ...optional('token', filter?.token, address),
        ...optional('poolId', filter?.poolId, hash),
        ...optional('types', filter?.types, same),
        ...optional('statuses', filter?.statuses, same),
      },
      page: pageRequest(page),
    });
    return connect(found, transactionOf);
  }

  @ResolveField(() => Finality, { nullable: true, description: 'Null while it is not mined.' })
  async finality(
    @Parent() { blockNumber }: Transaction,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality | null> {
    return blockNumber === null ? null : loaders.finality(blockNumber);
  }
}
