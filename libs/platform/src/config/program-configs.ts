import { anchoring, type AnchoringConfig } from './anchoring-config.js';
import { graphqlConfig, type GraphqlConfig } from './graphql-config.js';
import { type ApprovalName, approvals, promotesItself } from './approvals.js';
import { chains } from './chain-config.js';
import type { ChainConfig } from './chain-shapes.js';
import { apiConnections, connectionsOf } from './connections.js';
import { databaseUrl, eventStoreUrl, personalKeysUrl } from './databases.js';
import { type DevelopmentAccount, developmentAccountsOf } from './development-keys.js';
import { kafka, type KafkaConfig } from './kafka-config.js';
import { type LogSigningConfig, logSigning } from './log-signing-config.js';
import { type LogWitnessesConfig, logWitnesses } from './log-witnesses-config.js';
import { type PersonalDataConfig, personalData } from './personal-data-config.js';
import { isReachedHereAlone, publicUrl } from './public-url.js';
import { rateLimits, type RateLimitsConfig } from './rate-limits-config.js';
import { isOneDevelopers, relayerPrivateKeys } from './secrets.js';
import { sessions, type SessionsConfig, signingSecrets } from './sessions-config.js';
import { type Environment, read, type Value } from './variables.js';

/** What each program of production is told: what it needs, and no secret that is another's. */
export interface ProgramConfigs {
  readonly api: ApiConfig;
  readonly indexer: IndexerConfig;
  readonly projector: ProjectorConfig;
  readonly worker: WorkerConfig;
}

export type LogLevel = Value<'LOG_LEVEL'>;

interface BackgroundConfig {
  readonly logLevel: LogLevel;
  /** Port of /health, /ready and /metrics; null: none. */
  readonly metricsPort: number | null;
  /** Connections to PostgreSQL, besides the one of its process that listens. */
  readonly connectionsMax: number;
}

export interface IndexerConfig extends BackgroundConfig {
  /** Of the leases, of the read models that it compares with the chain, and of the log stream where it is not on Kafka. */
  readonly databaseUrl: string;
  readonly kafka: KafkaConfig | null;
  /** PostgreSQL's or EventStoreDB's: where it tells what differs. */
  readonly eventStoreUrl: string;
  /** What a chain's providers are asked in comparing; 0: nothing is compared. */
  readonly reconcileCallsPerMinute: number;
  /** At least one. */
  readonly chains: readonly ChainConfig[];
}

export interface ProjectorConfig extends BackgroundConfig {
  /** Of the read models. */
  readonly databaseUrl: string;
  /** For how long the pages of a list go on in the state that the first one was of. */
  readonly historyKeptDays: number;
  /** Whether what a changed definition begins is promoted once it is level, without an operator. */
  readonly promotesItself: boolean;
  /** The most that a build reads in; null: as many as it can. */
  readonly buildEventsPerSecond: number | null;
  /** Groups of builds beside what is live that are read in at a time, each on a connection of its own. */
  readonly buildConnections: number;
  /** PostgreSQL's or EventStoreDB's. */
  readonly eventStoreUrl: string;
}

export interface WorkerConfig extends BackgroundConfig {
  /** Of the processes' state, and of the log stream where it is not on Kafka. */
  readonly databaseUrl: string;
  readonly kafka: KafkaConfig | null;
  /** PostgreSQL's or EventStoreDB's. */
  readonly eventStoreUrl: string;
  /** Of the keys of persons, which it destroys and cannot read. */
  readonly personalKeysUrl: string;
  /** At least one. */
  readonly chains: readonly ChainConfig[];
  /** Of the accounts that pay for relayed commands, on every chain: one at least, all different. */
  readonly relayerPrivateKeys: readonly string[];
  /** The most that each offers for a unit of gas, on every chain. */
  readonly relayerMaxFeeGwei: number;
  /** The most gas that a transaction of theirs may take. */
  readonly relayerMaxGas: number;
  /** Null: the log's tree is anchored nowhere. */
  readonly anchoring: AnchoringConfig | null;
  readonly logSigning: LogSigningConfig;
  readonly logWitnesses: LogWitnessesConfig;
}

export interface ApiConfig {
  readonly logLevel: LogLevel;
  readonly port: number;
  /** Where browsers reach it; sign-in messages are bound to its host. */
  readonly publicUrl: string;
  /** Origins besides publicUrl whose pages may call it. */
  readonly corsOrigins: readonly string[];
  /** Of the read models and its own tables, and of the log stream where it is not on Kafka. */
  readonly databaseUrl: string;
  readonly kafka: KafkaConfig | null;
  /** Where queries read; the same as databaseUrl unless a replica is named. */
  readonly databaseReadUrl: string;
  /** PostgreSQL's or EventStoreDB's. */
  readonly eventStoreUrl: string;
  readonly personalKeysUrl: string;
  readonly masterKeys: PersonalDataConfig['masterKeys'];
  /** Signs the tokens of sessions. */
  readonly jwtSecret: string;
  /** What else they may have been signed with. */
  readonly jwtOtherSecrets: readonly string[];
  readonly sessions: SessionsConfig;
  /** Accounts that may do what only operators may. */
  readonly operatorAddresses: readonly string[];
  /** Whether only who was made a creator makes tokens and opens pools. */
  readonly creatorsAppointed: boolean;
  /** What a second one of them has to approve. */
  readonly approvals: readonly ApprovalName[];
  /** Whether acts that take a role take the wallet's word too. */
  readonly operatorsConfirm: boolean;
  /** Accounts whose keys everybody knows, told to whoever asks; none but where every part is embedded. */
  readonly developmentAccounts: readonly DevelopmentAccount[];
  /** At which of its machine's addresses it listens: where everybody knows the secrets, at that of the machine itself alone. */
  readonly host: '127.0.0.1' | '0.0.0.0';
  /** Connections to PostgreSQL, besides the one of its process that listens. */
  readonly connectionsMax: number;
  /** Where requests are counted for all processes of the API together; null: each by itself. */
  readonly redisUrl: string | null;
  /** How often a caller may ask. */
  readonly rateLimits: RateLimitsConfig;
  /** Worked on at once by one process; what is more is refused with 503. */
  readonly requestsInHandMax: number;
  readonly graphql: GraphqlConfig;
  /** Addresses, or ranges of them, of servers before it, which tell truly whom they pass on. */
  readonly trustedProxies: readonly string[];
  /** Variables that are set and of no effect in this version. */
  readonly unused: readonly string[];
  /** At least one. */
  readonly chains: readonly ChainConfig[];
}

/** @throws ConfigError, as all of them do */
export function loadIndexerConfig(env: Environment): IndexerConfig {
  const served = chains(env);
  return {
    ...background(env),
    databaseUrl: databaseUrl(env),
    kafka: kafka(env),
    eventStoreUrl: eventStoreUrl(env),
    reconcileCallsPerMinute: read(env, 'RECONCILE_CALLS_PER_MINUTE'),
    chains: served,
    connectionsMax: connectionsOf(env, 'indexer', served.length),
  };
}

export function loadProjectorConfig(env: Environment): ProjectorConfig {
  return {
    ...background(env),
    databaseUrl: databaseUrl(env),
    eventStoreUrl: eventStoreUrl(env),
    connectionsMax: connectionsOf(env, 'projector', 0),
    historyKeptDays: read(env, 'HISTORY_KEPT_DAYS'),
    promotesItself: promotesItself(env),
    buildEventsPerSecond: read(env, 'BUILD_EVENTS_PER_SECOND') ?? null,
    buildConnections: read(env, 'BUILD_CONNECTIONS'),
  };
}

export function loadWorkerConfig(env: Environment): WorkerConfig {
  const served = chains(env);
  return {
    ...background(env),
    databaseUrl: databaseUrl(env),
    kafka: kafka(env),
    eventStoreUrl: eventStoreUrl(env),
    personalKeysUrl: personalKeysUrl(env),
    chains: served,
    connectionsMax: connectionsOf(env, 'worker', served.length),
    relayerPrivateKeys: relayerPrivateKeys(env),
    relayerMaxFeeGwei: read(env, 'RELAYER_MAX_FEE_GWEI'),
    relayerMaxGas: read(env, 'RELAYER_MAX_GAS'),
    anchoring: anchoring(env, served),
    logSigning: logSigning(env),
    logWitnesses: logWitnesses(env),
  };
}

export function loadApiConfig(env: Environment): ApiConfig {
  return {
    ...publicFace(env),
    logLevel: read(env, 'LOG_LEVEL'),
    databaseUrl: databaseUrl(env),
    kafka: kafka(env),
    databaseReadUrl: read(env, 'DATABASE_READ_URL') ?? databaseUrl(env),
    eventStoreUrl: eventStoreUrl(env),
    personalKeysUrl: personalKeysUrl(env),
    masterKeys: personalData(env).masterKeys,
    chains: chains(env),
    connectionsMax: apiConnections(env),
  };
}

/** Checked, and not used by this version: whoever sets them is told so. */
const NOT_USED_YET = ['IPFS_API_URL'] as const;

type PublicFace =
  | 'port'
  | 'publicUrl'
  | 'corsOrigins'
  | 'jwtSecret'
  | 'jwtOtherSecrets'
  | 'sessions'
  | 'operatorAddresses'
  | 'creatorsAppointed'
  | 'approvals'
  | 'operatorsConfirm'
  | 'developmentAccounts'
  | 'host'
  | 'rateLimits'
  | 'graphql'
  | 'requestsInHandMax'
  | 'redisUrl'
  | 'trustedProxies'
  | 'unused';

/** Of the development accounts: two operators, so that one can approve what the other asks, and somebody who is none. */
const [ACCOUNTS_TOLD, OPERATORS_TOLD] = [3, 2];

/** What the API shows of itself, and by what it knows who asks. @throws ConfigError */
export function publicFace(env: Environment): Pick<ApiConfig, PublicFace> {
  // Their keys are known to all: where others come too, nobody is an operator unless named.
  const developmentAccounts = isOneDevelopers(env) ? developmentAccountsOf(ACCOUNTS_TOLD) : [];
  return {
    port: read(env, 'PORT'),
    publicUrl: publicUrl(env),
    corsOrigins: read(env, 'CORS_ORIGINS') ?? [],
    ...signingSecrets(env),
    sessions: sessions(env),
    operatorAddresses:
      read(env, 'OPERATOR_ADDRESSES') ??
      developmentAccounts.slice(0, OPERATORS_TOLD).map(({ address }) => address),
    creatorsAppointed: read(env, 'CREATORS') === 'appointed',
    approvals: approvals(env),
    operatorsConfirm: read(env, 'OPERATORS_CONFIRM') === 'on',
    developmentAccounts,
    host: isOneDevelopers(env) ? '127.0.0.1' : '0.0.0.0',
    redisUrl: read(env, 'REDIS_URL') ?? null,
    rateLimits: rateLimits(env, isReachedHereAlone(env) && read(env, 'NODE_ENV') !== 'production'),
    graphql: graphqlConfig(env),
    requestsInHandMax: read(env, 'REQUESTS_IN_HAND_MAX'),
    trustedProxies: read(env, 'TRUSTED_PROXIES') ?? [],
    unused: NOT_USED_YET.filter((name) => read(env, name) !== undefined),
  };
}

const background = (env: Environment): Omit<BackgroundConfig, 'connectionsMax'> => ({
  logLevel: read(env, 'LOG_LEVEL'),
  metricsPort: read(env, 'METRICS_PORT') ?? null,
});
