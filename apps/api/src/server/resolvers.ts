import { AuditResolver } from '../audit/audit.resolver.js';
import { ViewerResolver } from '../auth/viewer.resolver.js';
import { AuthResolver } from '../auth/auth.resolver.js';
import { ConfirmationsResolver } from '../auth/confirmations.resolver.js';
import { SessionsResolver } from '../auth/sessions.resolver.js';
import { ApiKeyActsResolver } from '../auth/api-key-acts.resolver.js';
import { ApiKeysResolver } from '../auth/api-keys.resolver.js';
import { BuildActsResolver } from '../builds/build-acts.resolver.js';
import { BuildsResolver } from '../builds/builds.resolver.js';
import { AskForRequestHandler } from '../commands/ask-request.js';
import { CommandMutationsResolver } from '../commands/command-mutations.resolver.js';
import { CommandQueriesResolver } from '../commands/command-queries.resolver.js';
import { SubmitSignatureHandler } from '../commands/submit-signature.js';
import { SubmitTransactionHandler } from '../commands/submit-transaction.js';
import { DriftResolver } from '../drift/drift.resolver.js';
import { ExplainResolver } from '../explain/explain.resolver.js';
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
import { ChainsResolver } from '../chains/chains.resolver.js';
import { ContractsResolver } from '../market/contracts.resolver.js';
import { HistoryResolver } from '../market/history.resolver.js';
import { HoldingsResolver, PortfolioResolver, PositionsResolver } from '../market/holdings.resolver.js';
import { MetaResolver } from '../chains/meta.resolver.js';
import { LogResolver } from '../log-browser/log.resolver.js';
import { PipelineResolver } from '../pipeline/pipeline.resolver.js';
import { PlatformResolver } from '../market/platform.resolver.js';
import { PoolsResolver } from '../market/pools.resolver.js';
import { TokensResolver } from '../market/tokens.resolver.js';
import { CandlesResolver, QuoteResolver, SwapsResolver } from '../market/trading.resolver.js';
import { MarketFeedResolver } from '../market-feed/market-feed.resolver.js';
import { TransactionsResolver } from '../market/transactions.resolver.js';
import { ChainProvidersResolver } from '../chains/chain-providers.resolver.js';
import { ApprovalsResolver } from '../operations/approvals.resolver.js';
import { ParkedDecisionsResolver } from '../operations/parked-decisions.resolver.js';
import { ReorgDecisionResolver } from '../operations/reorg-decision.resolver.js';
import { OperationsResolver } from '../operations/operations.resolver.js';
import { EraseUserHandler } from '../users/erase-user.js';
import { RolesResolver } from '../users/roles.resolver.js';
import { UpdateProfileHandler } from '../users/update-profile.js';
import { UsersResolver } from '../users/users.resolver.js';

export const resolvers = [
  ApiKeyActsResolver,
  ApiKeysResolver,
  AuditResolver,
  AuthResolver,
  ApprovalsResolver,
  BuildActsResolver,
  BuildsResolver,
  CandlesResolver,
  ChainProvidersResolver,
  ChainsResolver,
  CommandMutationsResolver,
  ConfirmationsResolver,
  ContractsResolver,
  DriftResolver,
  ExplainResolver,
  FeeChangesResolver,
  FeesResolver,
  GovernanceResolver,
  HistoryResolver,
  HoldingsResolver,
  LogResolver,
  MarketFeedResolver,
  MetaResolver,
  OperationsResolver,
  ParkedDecisionsResolver,
  ReorgDecisionResolver,
  PipelineResolver,
  PlatformResolver,
  PoolsResolver,
  PortfolioResolver,
  PositionsResolver,
  ProposalActionsResolver,
  ProposalsResolver,
  ProposalVotesResolver,
  QuoteResolver,
  CommandQueriesResolver,
  RolesResolver,
  SessionsResolver,
  SwapsResolver,
  TokensResolver,
  TransactionsResolver,
  UsersResolver,
  ViewerResolver,
  VotingPowersResolver,
];

export const commandHandlers = [
  AskForRequestHandler,
  EraseUserHandler,
  SubmitSignatureHandler,
  SubmitTransactionHandler,
  UpdateProfileHandler,
];
