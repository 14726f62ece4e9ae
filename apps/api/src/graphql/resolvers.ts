import { AuthResolver } from '../auth/auth.resolver.js';
import { CommandsResolver } from '../commands/commands.resolver.js';
import { AddLiquidityHandler } from '../commands/handlers/add-liquidity.js';
import { CreatePoolHandler } from '../commands/handlers/create-pool.js';
import { CreateTokenHandler } from '../commands/handlers/create-token.js';
import { DeactivateTokenHandler } from '../commands/handlers/deactivate-token.js';
import { RemoveLiquidityHandler } from '../commands/handlers/remove-liquidity.js';
import { SubmitSignatureHandler } from '../commands/handlers/submit-signature.js';
import { SubmitTransactionHandler } from '../commands/handlers/submit-transaction.js';
import { SwapHandler } from '../commands/handlers/swap.js';
import {
  FeeChangesResolver,
  FeesResolver,
  GovernanceResolver,
  VotingPowersResolver,
} from '../governance/governance.resolver.js';
import {
  ProposalActionsResolver,
  ProposalsResolver,
  ProposalVotesResolver,
} from '../governance/proposals.resolver.js';
import { HoldingsResolver, PortfolioResolver, PositionsResolver } from '../market/holdings.resolver.js';
import { MetaResolver } from '../market/meta.resolver.js';
import { OrdersResolver } from '../market/orders.resolver.js';
import { PoolsResolver } from '../market/pools.resolver.js';
import { TokensResolver } from '../market/tokens.resolver.js';
import { CandlesResolver, QuoteResolver, SwapsResolver } from '../market/trading.resolver.js';
import { TransactionsResolver } from '../market/transactions.resolver.js';
import { EraseUserHandler } from '../users/handlers/erase-user.js';
import { UpdateProfileHandler } from '../users/handlers/update-profile.js';
import { UsersResolver } from '../users/users.resolver.js';

export const resolvers = [
  AuthResolver,
  CandlesResolver,
  CommandsResolver,
  FeeChangesResolver,
  FeesResolver,
  GovernanceResolver,
  HoldingsResolver,
  MetaResolver,
  OrdersResolver,
  PoolsResolver,
  PortfolioResolver,
  PositionsResolver,
  ProposalActionsResolver,
  ProposalsResolver,
  ProposalVotesResolver,
  QuoteResolver,
  SwapsResolver,
  TokensResolver,
  TransactionsResolver,
  UsersResolver,
  VotingPowersResolver,
];

export const commandHandlers = [
  AddLiquidityHandler,
  CreatePoolHandler,
  CreateTokenHandler,
  DeactivateTokenHandler,
  EraseUserHandler,
  RemoveLiquidityHandler,
  SubmitSignatureHandler,
  SubmitTransactionHandler,
  SwapHandler,
  UpdateProfileHandler,
];
