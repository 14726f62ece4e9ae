import { needingApproval } from '@abland/operations';
import { createReadModel, type ReadModel } from '@abland/projections';
import type { Provider } from '@nestjs/common';
import { ApiKeyUses } from '../api-keys/api-key-uses.js';
import { ApiKeys } from '../api-keys/api-keys.js';
import { publishedLog } from '../audit/published-log.js';
import { PastStates } from '../as-of/past-states.js';
import { ChainDirectory } from '../served-chains/chain-directory.js';
import { BuildFeed } from '../builds/build-feed.js';
import { OperatorActs } from '../operations/operator-acts.js';
import { CommandFeed } from '../commands/command-feed.js';
import { ParkedCommands } from '../commands/parked-commands.js';
import { ParkedMarket } from '../market/parked-market.js';
import { EDGE_KINDS, edgeKinds } from '../commands/kinds/edge-kinds.js';
import { OpenRequests } from '../commands/open/open-requests.js';
import { CallersInTurn } from '../commands/open/callers-in-turn.js';
import { Receipts } from '../commands/receipts.js';
import { RelayForms } from '../commands/relay-forms.js';
import { RequestRepository } from '../commands/request/request-repository.js';
import { databaseTime } from '../health/database-time.js';
import { LagReader } from '../health/lag.js';
import { StageWatch } from '../stages/stage-watch.js';
import { SUBSCRIPTION_LIMITS, USUAL_SUBSCRIPTION_LIMITS } from '../subscriptions/subscription-limits.js';
import { MarketFeed } from '../market-feed/market-feed.js';
import { PipelineFeed } from '../pipeline/pipeline-feed.js';
import { MetadataStore } from '../metadata/metadata-store.js';
import { PORT } from '../ports/ports.js';
import { Roles } from '../roles/roles.js';
import { ReadModelWatch } from '../read-positions/read-model-watch.js';
import { Confirmations } from '../confirmations/confirmations.js';
import type { IsSignedByContract } from '../wallets/contract-wallets.js';
import { Nonces } from '../wallets/nonces.js';
import { KnownUsers } from '../sessions/known-users.js';
import { Sessions } from '../sessions/session.js';
import { USUAL_SESSION_SETTINGS } from '../sessions/session-settings.js';
import { SessionWatch } from '../sessions/session-watch.js';
import { signingKeys } from '../sessions/signing-keys.js';
import type { ApiDependencies } from './dependencies.js';
import { publicSlots } from './reads-in-slots.js';

const value = (
  provide:
    | symbol
    | typeof ChainDirectory
    | typeof MetadataStore
    | typeof ParkedMarket
    | typeof OpenRequests
    | typeof PastStates
    | typeof CallersInTurn
    | typeof ApiKeys
    | typeof ApiKeyUses
    | typeof Confirmations
    | typeof Roles
    | typeof Sessions
    | typeof SessionWatch,
  useValue: unknown,
): Provider => ({
  provide,
  useValue,
});

const noContract: IsSignedByContract = () => Promise.resolve(false);

/** Who is signed in, what they may, and who hears that it is otherwise: one of each in a process, as what they remember is. */
export interface SessionParts {
  readonly sessions: Sessions;
  readonly roles: Roles;
  readonly keys: ApiKeys;
  readonly keyUses: ApiKeyUses;
  readonly watch: SessionWatch;
  readonly confirmations: Confirmations;
}

export function sessionParts(api: ApiDependencies): SessionParts {
  const { clock, config, logger, pool, store: log } = api;
  const known = new KnownUsers(log);
  const keyUses = new ApiKeyUses(pool, clock, logger);
  const keys = signingKeys(config.jwtSecret, config.jwtOtherSecrets);
  const settings = { ...USUAL_SESSION_SETTINGS, ...config.sessionSettings };
  return {
    sessions: new Sessions({ keys, settings, clock, log, known, onKeyUsed: (keyId) => keyUses.note(keyId) }),
    keys: new ApiKeys({ log, clock, known }),
    keyUses,
    roles: new Roles(known, {
      first: new Set(config.operators),
      creatorsAppointed: config.creatorsAppointed ?? false,
    }),
    watch: new SessionWatch({ log, logger, onChanged: (address) => known.forget(address) }),
    confirmations: new Confirmations({
      ...{ log, clock, known },
      nonces: new Nonces(pool, clock, config.jwtSecret, 'confirmation'),
      isSignedByContract: api.isSignedByContract ?? noContract,
      chainIds: config.chains.map(({ chainId }) => chainId),
      site: new URL(config.publicUrl).host,
      ofOperators: config.operatorsConfirm ?? false,
    }),
  };
}

/** The ports of handlers and resolvers, and what is made of them once. */
export function portProviders(
  api: ApiDependencies,
  readModel: ReadModel,
  { confirmations, keys, keyUses, roles, sessions, watch }: SessionParts,
): readonly Provider[] {
  const { config, store: log, clock, pool, readPool } = api;
  const stages = new StageWatch({ pool, log, chains: config.chains, clock, logger: api.logger });
  const { publishedHead } = api;
  // How the API stands is known also where more is read than can be answered: it waits for nobody's turn.
  const progressModel = createReadModel(readPool);
  const progress = new LagReader({
    log,
    storeTime: () => databaseTime(pool),
    readModel: progressModel,
    readPool,
    publishedHead,
    stages,
  });
  const commandReadModel = createReadModel(pool);
  const inSlot = publicSlots(readPool);
  const metadata = new MetadataStore(pool, inSlot);
  const open = new OpenRequests(commandReadModel, log, clock);
  const now = api.commonTime ?? (() => databaseTime(readPool));
  return [
    value(PORT.log, log),
    value(PORT.publishedLog, publishedLog({ stored: api.stored, pool: readPool, readModel, now, inSlot })),
    value(PORT.clock, clock),
    value(PORT.logger, api.logger),
    value(PORT.readModel, readModel),
    value(PORT.commandReadModel, commandReadModel),
    value(PORT.watch, new ReadModelWatch(readPool)),
    value(PORT.commandWatch, new ReadModelWatch(pool)),
    value(PORT.pool, pool),
    value(PORT.readPool, readPool),
    value(PORT.personalData, api.personalData),
    value(Sessions, sessions),
    value(SessionWatch, watch),
    value(PORT.isSignedByContract, api.isSignedByContract ?? noContract),
    value(PORT.nonces, new Nonces(pool, clock, api.config.jwtSecret, 'sign-in')),
    value(Confirmations, confirmations),
    value(ApiKeys, keys),
    value(ApiKeyUses, keyUses),
    value(Roles, roles),
    value(PORT.approvals, needingApproval(config.approvals ?? [])),
    value(PORT.developmentAccounts, config.developmentAccounts ?? []),
    value(PORT.publicUrl, config.publicUrl),
    value(PORT.progress, progress),
    value(PORT.stages, stages),
    value(PORT.healthChecks, api.healthChecks ?? {}),
    value(PORT.metrics, api.metrics),
    value(SUBSCRIPTION_LIMITS, { ...USUAL_SUBSCRIPTION_LIMITS, ...config.subscriptionLimits }),
    value(EDGE_KINDS, edgeKinds({ readModel: commandReadModel, metadata })),
    value(OpenRequests, open),
    value(CallersInTurn, new CallersInTurn(pool, api.logger)),
    value(ChainDirectory, new ChainDirectory(config.chains)),
    value(MetadataStore, metadata),
    value(ParkedMarket, new ParkedMarket(pool, inSlot)),
    value(PastStates, new PastStates(readModel, log, clock, inSlot)),
    BuildFeed,
    OperatorActs,
    CommandFeed,
    ParkedCommands,
    MarketFeed,
    PipelineFeed,
    Receipts,
    RelayForms,
    RequestRepository,
  ];
}
