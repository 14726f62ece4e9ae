import { anchoring, type AnchoringConfig } from './anchoring-config.js';
import { type ApprovalName, approvals, promotesItself } from './approvals.js';
import { embeddedChain, type EmbeddedChainConfig, externalChains } from './chain-config.js';
import type { ChainConfig } from './chain-shapes.js';
import { connectionShares, type ConnectionShares } from './connections.js';
import { databaseUrl, eventStoreDbUrl, personalKeysUrl } from './databases.js';
import { kafka, type KafkaConfig } from './kafka-config.js';
import { type PersonalDataConfig, personalData } from './personal-data-config.js';
import { ConfigError } from './config-error.js';
import { type LogSigningConfig, logSigning } from './log-signing-config.js';
import { type LogWitnessesConfig, logWitnesses } from './log-witnesses-config.js';
import { type ApiConfig, type LogLevel, publicFace } from './program-configs.js';
import { publicUrl } from './public-url.js';
import { relayerPrivateKeys } from './secrets.js';
import { isGiven } from './secret-files.js';
import { type Environment, read, required, type Variable } from './variables.js';

/** Where the data folder is, and what lies elsewhere. */
export interface DataConfig {
  readonly dataDir: string;
  readonly logLevel: LogLevel;
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Null: the log is in the database. */
  readonly eventStoreDbUrl: string | null;
  /** For how long the pages of a list go on in the state that the first one was of. */
  readonly historyKeptDays: number;
  /** What a chain's providers are asked in comparing; 0: nothing is compared. */
  readonly reconcileCallsPerMinute: number;
  /** Whether what a changed definition begins is promoted once it is level, without an operator. */
  readonly promotesItself: boolean;
  /** The most that a build reads in; null: as many as it can. */
  readonly buildEventsPerSecond: number | null;
  /** Groups of builds beside what is live that are read in at a time, each on a connection of its own. */
  readonly buildConnections: number;
  /** Operators' acts that a second one has to approve. */
  readonly approvals: readonly ApprovalName[];
}

/** With what the operator's commands open personal data. */
export interface KeysConfig {
  readonly dataDir: string;
  readonly databaseUrl: string | null;
  /** Null: the keys of persons are in the database. */
  readonly personalKeysUrl: string | null;
  readonly personalData: PersonalDataConfig;
}

/** All programs started by one command, with what is not named embedded. */
export interface SystemConfig
  extends
    DataConfig,
    KeysConfig,
    Pick<
      ApiConfig,
      | 'port'
      | 'publicUrl'
      | 'corsOrigins'
      | 'jwtSecret'
      | 'jwtOtherSecrets'
      | 'sessions'
      | 'operatorAddresses'
      | 'creatorsAppointed'
      | 'operatorsConfirm'
      | 'developmentAccounts'
      | 'host'
      | 'rateLimits'
      | 'graphql'
      | 'requestsInHandMax'
      | 'redisUrl'
      | 'trustedProxies'
      | 'unused'
    > {
  /** Null: where the projections write. */
  readonly databaseReadUrl: string | null;
  /** Null: the log stream is in the database. */
  readonly kafka: KafkaConfig | null;
  /** Connections to PostgreSQL, for each program and for all of them. */
  readonly connections: ConnectionShares;
  /** None: the embedded chain. */
  readonly chains: readonly ChainConfig[];
  readonly embeddedChain: EmbeddedChainConfig;
  /** One at least. */
  readonly relayerPrivateKeys: readonly string[];
  /** The most that each account offers for a unit of gas. */
  readonly relayerMaxFeeGwei: number;
  /** The most gas that a transaction of theirs may take. */
  readonly relayerMaxGas: number;
  /** Null: the log's tree is anchored nowhere. */
  readonly anchoring: AnchoringConfig | null;
  readonly logSigning: LogSigningConfig;
  readonly logWitnesses: LogWitnessesConfig;
  /** What of the environment has no effect, each a sentence for whoever set it. */
  readonly unheeded: readonly string[];
}

/** @throws ConfigError */
export function loadDataConfig(env: Environment): DataConfig {
  return {
    dataDir: read(env, 'ABLAND_DATA_DIR'),
    logLevel: read(env, 'LOG_LEVEL'),
    databaseUrl: read(env, 'DATABASE_URL') ?? null,
    eventStoreDbUrl: eventStoreDbUrl(env),
    historyKeptDays: read(env, 'HISTORY_KEPT_DAYS'),
    reconcileCallsPerMinute: read(env, 'RECONCILE_CALLS_PER_MINUTE'),
    promotesItself: promotesItself(env),
    buildEventsPerSecond: read(env, 'BUILD_EVENTS_PER_SECOND') ?? null,
    buildConnections: read(env, 'BUILD_CONNECTIONS'),
    approvals: approvals(env),
  };
}

/** @throws ConfigError */
export function loadKeysConfig(env: Environment): KeysConfig {
  return {
    dataDir: read(env, 'ABLAND_DATA_DIR'),
    databaseUrl: read(env, 'DATABASE_URL') ?? null,
    personalKeysUrl: read(env, 'PERSONAL_KEYS_URL') ?? null,
    personalData: personalData(env),
  };
}

/** Of parts that are not started, or not so: whoever sets it means something that will not be. @throws ConfigError */
function refuseStray(env: Environment): void {
  const stray = (name: Variable, problem: string): void => {
    if (isGiven(env, name)) throw new ConfigError(name, problem);
  };
  stray('METRICS_PORT', 'says nothing of a system in one process: it tells of its health at PORT');
  if (read(env, 'DATABASE_URL') === undefined)
    stray('DATABASE_READ_URL', 'says nothing of the embedded database: set DATABASE_URL too');
}

/** The API and the embedded chain each listen at one of their own; 0 is whichever is free. @throws ConfigError */
function refuseSharedPort(env: Environment): void {
  const port = read(env, 'PORT');
  if (port !== 0 && port === read(env, 'CHAIN_PORT'))
    throw new ConfigError('CHAIN_PORT', `must be another port than PORT, which is ${port}`);
}

/** @throws ConfigError */
export function loadSystemConfig(env: Environment): SystemConfig {
  refuseStray(env);
  const chains = externalChains(env);
  if (chains.length === 0) refuseSharedPort(env);
  return {
    ...loadDataConfig(env),
    ...loadKeysConfig(env),
    ...publicFace(env),
    databaseReadUrl: read(env, 'DATABASE_READ_URL') ?? null,
    kafka: kafka(env),
    connections: connectionShares(env, Math.max(1, chains.length)),
    chains,
    embeddedChain: embeddedChain(env),
    relayerPrivateKeys: relayerPrivateKeys(env),
    relayerMaxFeeGwei: read(env, 'RELAYER_MAX_FEE_GWEI'),
    relayerMaxGas: read(env, 'RELAYER_MAX_GAS'),
    anchoring: anchoring(env, chains),
    logSigning: logSigning(env),
    logWitnesses: logWitnesses(env),
    unheeded: unheeded(env),
  };
}

/** What brings the schemas of a deployment's databases up to date. */
export interface MigrationConfig {
  readonly databaseUrl: string;
  /** The same as databaseUrl unless the keys of persons have a database of their own. */
  readonly personalKeysUrl: string;
  /** Whether the log lies in the database. */
  readonly isLogInDatabase: boolean;
}

/** @throws ConfigError also where no database is named: the embedded one is brought up to date by its own start */
export const loadMigrationConfig = (env: Environment): MigrationConfig => ({
  databaseUrl: databaseUrl(env),
  personalKeysUrl: personalKeysUrl(env),
  isLogInDatabase: eventStoreDbUrl(env) === null,
});

/** What the programs of a deployment are to work with: for whoever asks it before they do. */
export interface DeploymentConfig {
  readonly databases: readonly {
    readonly variable: 'DATABASE_URL' | 'DATABASE_READ_URL' | 'PERSONAL_KEYS_URL';
    readonly url: string;
    readonly isReadOnly: boolean;
    /** That one program takes of it at most. */
    readonly connections: number;
  }[];
  /** Null: the log is in the database. */
  readonly eventStoreDbUrl: string | null;
  readonly kafka: KafkaConfig | null;
  readonly redisUrl: string | null;
  /** None where it is the embedded one. */
  readonly chains: readonly ChainConfig[];
  readonly dataDir: string;
}

/** @throws ConfigError also where no database is named: the embedded one is looked after by `npm start` */
export function loadDeploymentConfig(env: Environment): DeploymentConfig {
  const [main, replica, keys] = [
    databaseUrl(env),
    read(env, 'DATABASE_READ_URL'),
    read(env, 'PERSONAL_KEYS_URL'),
  ];
  const written = { isReadOnly: false, connections: read(env, 'DATABASE_POOL_MAX') };
  return {
    databases: [
      { variable: 'DATABASE_URL', url: main, ...written },
      ...(replica === undefined
        ? []
        : [{ ...written, variable: 'DATABASE_READ_URL' as const, url: replica, isReadOnly: true }]),
      ...(keys === undefined ? [] : [{ variable: 'PERSONAL_KEYS_URL' as const, url: keys, ...written }]),
    ],
    eventStoreDbUrl: eventStoreDbUrl(env),
    kafka: kafka(env),
    redisUrl: read(env, 'REDIS_URL') ?? null,
    chains: externalChains(env),
    dataDir: read(env, 'ABLAND_DATA_DIR'),
  };
}

/** The embedded chain where it runs by itself. */
export interface ChainAloneConfig extends EmbeddedChainConfig {
  readonly dataDir: string;
  /** Who may anchor the log of which origin, from its first start on; null: nobody until governance says so. */
  readonly anchoring: { readonly origin: string; readonly signer: string } | null;
}

/** @throws ConfigError */
export const loadChainAloneConfig = (env: Environment): ChainAloneConfig => ({
  ...embeddedChain(env),
  dataDir: read(env, 'ABLAND_DATA_DIR'),
  anchoring: signerToName(env),
});

function signerToName(env: Environment): ChainAloneConfig['anchoring'] {
  const signer = read(env, 'ANCHOR_SIGNER_ADDRESS');
  if (signer === undefined) return null;
  return { signer, origin: required(env, 'LOG_ORIGIN', 'must be set when ANCHOR_SIGNER_ADDRESS is given') };
}

/** A port alone may be set for other commands of the same shell: that is told, and refused it is not. */
function unheeded(env: Environment): readonly string[] {
  const unused = publicFace(env).unused.map((name) => `${name} is set: this version does not use it`);
  const elsewhere = (['CHAIN_RPC_URLS', 'CHAINS_FILE'] as const).find(
    (name) => read(env, name) !== undefined,
  );
  if (elsewhere === undefined || (env['CHAIN_PORT'] ?? '') === '') return unused;
  return [...unused, `CHAIN_PORT is set: the chain is that of ${elsewhere}`];
}

/** Where a visitor of a running system looks for it when nobody says. */
export interface VisitorConfig {
  readonly dataDir: string;
  readonly apiUrl: string;
  readonly chainRpcUrl: string;
  /** Of the account that pays the demo's wallet; null: the one that every development chain funds. */
  readonly fundingKey: string | null;
}

/** @throws ConfigError */
export function loadVisitorConfig(env: Environment): VisitorConfig {
  return {
    dataDir: read(env, 'ABLAND_DATA_DIR'),
    apiUrl: publicUrl(env),
    chainRpcUrl: `http://localhost:${read(env, 'CHAIN_PORT')}`,
    fundingKey: read(env, 'DEMO_FUNDING_KEY') ?? null,
  };
}
