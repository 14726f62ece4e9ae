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
  type PendingOf,
  type ReadModel,
  transactionByHash,
  type TransactionStatus as Status,
  type TransactionType as Type,
} from '@abland/projections';
import { ChainArgs, ChainPageArgs } from '../served-chains/chain.args.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import type { ApiContext } from '../context/api-context.js';
import type { Connection } from '../graphql/connection.js';
import { AddressScalar, HashScalar } from '../graphql/scalars.js';
import { Roles } from '../roles/roles.js';
import { PORT } from '../ports/ports.js';
import { address, hash, optional, same } from '../graphql/filters.js';
import { Finality } from '../served-chains/finality.types.js';
import { connect, pageRequest } from '../graphql/page-request.js';
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
export class TransactionsArgs extends ChainPageArgs {
  @Field(() => TransactionFilterInput, { nullable: true })
  filter!: TransactionFilterInput | null;
}

@Resolver(() => Transaction)
export class TransactionsResolver {
  constructor(
    @Inject(ChainDirectory) private readonly chains: ChainDirectory,
    @Inject(PORT.readModel) private readonly readModel: ReadModel,
    @Inject(Roles) private readonly roles: Roles,
  ) {}

  @Query(() => Transaction, {
    nullable: true,
    description: 'Null also while it is not mined, for anyone but its sender, operators and auditors.',
  })
  async transaction(
    @Args('hash', { type: () => HashScalar }) txHash: string,
    @Args({ type: () => ChainArgs }) { chainId }: ChainArgs,
    @Context() context: ApiContext,
  ): Promise<Transaction | null> {
    const chain = this.chains.meant(chainId);
    const input = {
      chainId: chain.chainId,
      hash: hash(txHash, 'hash'),
      pendingOf: await this.pendingOf(context),
    };
    const view = await transactionByHash(this.readModel, input);
    return view === null ? null : transactionOf(view);
  }

  @Query(() => TransactionConnection, {
    description:
      'Newest first; what is not mined yet comes before all others, and is told to its sender, to operators and to auditors alone.',
  })
  async transactions(
    @Args() { chainId, filter, ...page }: TransactionsArgs,
    @Context() context: ApiContext,
  ): Promise<Connection<Transaction>> {
    const found = await listTransactions(this.readModel, {
      chainId: this.chains.meant(chainId).chainId,
      filter: {
        ...optional('user', filter?.user, address),
        ...optional('token', filter?.token, address),
        ...optional('poolId', filter?.poolId, hash),
        ...optional('types', filter?.types, same),
        ...optional('statuses', filter?.statuses, same),
      },
      pendingOf: await this.pendingOf(context),
      page: pageRequest(page),
    });
    return connect(found, transactionOf);
  }

  private async pendingOf({ session }: ApiContext): Promise<PendingOf> {
    const caller = await session();
    if (caller.kind !== 'signed-in') return null;
    return (await this.roles.may(caller, 'READ_INTERNAL')) ? 'ALL' : caller.address;
  }

  @ResolveField(() => Finality, { nullable: true, description: 'Null while it is not mined.' })
  async finality(
    @Parent() { chainId, blockNumber }: Transaction,
    @Context() { loaders }: ApiContext,
  ): Promise<Finality | null> {
    return blockNumber === null ? null : loaders.of(chainId).finality(blockNumber);
  }
}
