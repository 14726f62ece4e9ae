import { getAddress } from 'ethers';
import { z } from 'zod';
import { ConfigError } from './errors.js';
import {
  DEVELOPMENT_MASTER_KEY,
  masterKey,
  type PersonalDataConfig,
  personalDataConfig,
} from './personal-data-config.js';

/** Secrets that come with the program. Production refuses them. */
const DEVELOPMENT_JWT_SECRET = 'development-only-secret-not-for-production';
/** The second of the well-known development accounts; the embedded chain funds it. */
const DEVELOPMENT_RELAYER_KEY = '0x59c6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690d';

const EMBEDDED_CHAIN_ID = 31337;

const url = (...protocols: readonly string[]) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && protocols.includes(new URL(text).protocol.slice(0, -1)),
      `must be a URL with ${protocols.join(' or ')}://`,
    );
const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .transform(Number)
    .refine((value) => value >= min && value <= max, `must be from ${min} to ${max}`);
/** As addresses of commands are: in its EIP-55 spelling, or in lower case, which claims no checksum. Parsed into that spelling. */
const address = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'must be an address: 0x and 40 hexadecimal digits')
  .transform((text, context) => {
    const lowerCase = text.toLowerCase();
    const checksummed = getAddress(lowerCase);
    if (text === checksummed || text === lowerCase) return checksummed;
    context.addIssue({ code: 'custom', message: `has a wrong checksum: is it ${checksummed}?` });
    return z.NEVER;
  });
const rpcUrl = url('http', 'https', 'ws', 'wss');
const list = (item: z.ZodType<string, string>) =>
  z
    .string()
    .transform((text) => text.split(',').map((part) => part.trim()))
    .pipe(z.array(item).min(1));

const environment = z.object({
  NODE_ENV: z.enum(['development', 'production', 'test']).default('development'),
  PORT: integer(0, 65_535).default(4000),
  CHAIN_PORT: integer(0, 65_535).default(8545),
  METRICS_PORT: integer(0, 65_535).optional(),
  PUBLIC_URL: url('http', 'https').optional(),
  CORS_ORIGINS: list(url('http', 'https')).optional(),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  DATABASE_READ_URL: url('postgres', 'postgresql').optional(),
  EVENT_STORE: z.enum(['postgres', 'eventstoredb']).default('postgres'),
  EVENTSTORE_URL: url('esdb', 'esdb+discover', 'kurrentdb', 'kurrentdb+discover').optional(),
  KAFKA_BROKERS: list(z.string().regex(/^[^:\s]+:\d+$/, 'must be host:port, comma separated')).optional(),
  REDIS_URL: url('redis', 'rediss').optional(),
  CHAIN_RPC_URLS: list(rpcUrl).optional(),
  CHAIN_ID: integer(1, Number.MAX_SAFE_INTEGER).optional(),
  CHAIN_START_BLOCK: integer(0, Number.MAX_SAFE_INTEGER).default(0),
  CHAIN_FINALITY_DEPTH: integer(1, 100_000).optional(),
  TOKEN_FACTORY_ADDRESS: address.optional(),
  LIQUIDITY_MANAGER_ADDRESS: address.optional(),
  FORWARDER_ADDRESS: address.optional(),
  GOVERNANCE_ADDRESS: address.optional(),
  TIMELOCK_ADDRESS: address.optional(),
  GOVERNANCE_TOKEN_ADDRESS: address.optional(),
  RELAYER_PRIVATE_KEY: z
    .string()
    .regex(/^0x[0-9a-fA-F]{64}$/, 'must be 0x and 64 hexadecimal digits')
    .default(DEVELOPMENT_RELAYER_KEY),
  JWT_SECRET: z.string().min(32, 'must have at least 32 characters').default(DEVELOPMENT_JWT_SECRET),
  PERSONAL_DATA_KEY: masterKey.default(DEVELOPMENT_MASTER_KEY),
  PERSONAL_DATA_OLD_KEYS: list(masterKey).optional(),
  PERSONAL_KEYS_URL: url('postgres', 'postgresql').optional(),
  OPERATOR_ADDRESSES: list(address).optional(),
  IPFS_API_URL: url('http', 'https').optional(),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
  ABLAND_DATA_DIR: z.string().min(1).default('.abland'),
});
type Environment = z.infer<typeof environment>;

/** Addresses of the contracts that a chain is followed for, in their EIP-55 spelling. */
export interface ContractAddresses {
  readonly tokenFactory: string;
  readonly liquidityManager: string;
  /** Null where relayed commands are not offered. */
  readonly forwarder: string | null;
  /** Null where governance is not followed. */
  readonly governance: GovernanceAddresses | null;
}

export interface GovernanceAddresses {
  readonly governor: string;
  readonly timelock: string;
  /** The token whose delegated balances are votes. */
  readonly token: string;
}

export interface ChainConfig {
  /** The first is preferred; the others take over when it fails. */
  readonly rpcUrls: readonly string[];
  readonly chainId: number;
  readonly startBlock: number;
  /** Blocks on top of a block until it is final. */
  readonly finalityDepth: number;
  readonly contracts: ContractAddresses;
}

/** What every program needs to know, checked. Absent parts are the embedded ones, resolved by the `abland` command. */
export interface Config {
  readonly production: boolean;
  /** Port of the API and the web app. */
  readonly port: number;
  /** Port of /health, /ready and /metrics of the indexer and the projector run alone; null: none. */
  readonly metricsPort: number | null;
  /** Where browsers reach the API; sign-in messages are bound to its host. */
  readonly publicUrl: string;
  /** Origins besides publicUrl whose pages may call the API. */
  readonly corsOrigins: readonly string[];
  /** Null: the embedded PostgreSQL. */
  readonly databaseUrl: string | null;
  /** Where queries read; the same as databaseUrl unless a replica is named. */
  readonly databaseReadUrl: string | null;
  readonly eventStore:
    { readonly kind: 'postgres' } | { readonly kind: 'eventstoredb'; readonly url: string };
  /** Null: a table in PostgreSQL. */
  readonly kafkaBrokers: readonly string[] | null;
  /** Null: in process. */
  readonly redisUrl: string | null;
  /** Null: the embedded chain. */
  readonly chain: ChainConfig | null;
  readonly embeddedChain: { readonly port: number; readonly chainId: number; readonly finalityDepth: number };
  readonly relayerPrivateKey: string;
  readonly jwtSecret: string;
  readonly personalData: PersonalDataConfig;
  /** Accounts that may do what only operators may. */
  readonly operatorAddresses: readonly string[];
  readonly ipfsApiUrl: string | null;
  readonly logLevel: Environment['LOG_LEVEL'];
  readonly dataDir: string;
}

/**
 * Reads the environment once, whole.
 * @throws ConfigError that names the variable at fault.
 */
export function loadConfig(env: Readonly<Record<string, string | undefined>>): Config {
  const given = Object.fromEntries(
    Object.entries(env).filter(([, value]) => value !== undefined && value !== ''),
  );
  const parsed = environment.safeParse(given);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw new ConfigError(String(issue?.path[0] ?? 'environment'), issue?.message ?? 'is not valid');
  }
  const values = parsed.data;
  refuseDefaultSecrets(values);
  const production = values.NODE_ENV === 'production';
  const databaseUrl = values.DATABASE_URL ?? null;
  return {
    production,
    port: values.PORT,
    metricsPort: values.METRICS_PORT ?? null,
    publicUrl: values.PUBLIC_URL ?? `http://localhost:${values.PORT}`,
    corsOrigins: values.CORS_ORIGINS ?? [],
    databaseUrl,
    databaseReadUrl: values.DATABASE_READ_URL ?? databaseUrl,
    eventStore: eventStore(values),
    kafkaBrokers: values.KAFKA_BROKERS ?? null,
    redisUrl: values.REDIS_URL ?? null,
    chain: chain(values),
    embeddedChain: {
      port: values.CHAIN_PORT,
      chainId: EMBEDDED_CHAIN_ID,
      finalityDepth: values.CHAIN_FINALITY_DEPTH ?? 5,
    },
    relayerPrivateKey: values.RELAYER_PRIVATE_KEY,
    jwtSecret: values.JWT_SECRET,
    personalData: personalDataConfig(values),
    operatorAddresses: values.OPERATOR_ADDRESSES ?? [],
    ipfsApiUrl: values.IPFS_API_URL ?? null,
    logLevel: values.LOG_LEVEL,
    dataDir: values.ABLAND_DATA_DIR,
  };
}

function refuseDefaultSecrets(values: Environment): void {
  if (values.NODE_ENV !== 'production') return;
  if (values.JWT_SECRET === DEVELOPMENT_JWT_SECRET) {
    throw new ConfigError('JWT_SECRET', 'must be set in production: the built-in secret is public');
  }
  if (values.RELAYER_PRIVATE_KEY === DEVELOPMENT_RELAYER_KEY) {
    throw new ConfigError('RELAYER_PRIVATE_KEY', 'must be set in production: the built-in key is public');
  }
  if (values.PERSONAL_DATA_KEY === DEVELOPMENT_MASTER_KEY) {
    throw new ConfigError('PERSONAL_DATA_KEY', 'must be set in production: the built-in key is public');
  }
}

function eventStore(values: Environment): Config['eventStore'] {
  if (values.EVENT_STORE === 'postgres') return { kind: 'postgres' };
  return { kind: 'eventstoredb', url: required(values, 'EVENTSTORE_URL', 'EVENT_STORE=eventstoredb') };
}

function chain(values: Environment): ChainConfig | null {
  if (values.CHAIN_RPC_URLS === undefined) return null;
  const because = 'CHAIN_RPC_URLS is given';
  return {
    rpcUrls: values.CHAIN_RPC_URLS,
    chainId: required(values, 'CHAIN_ID', because),
    startBlock: values.CHAIN_START_BLOCK,
    finalityDepth: values.CHAIN_FINALITY_DEPTH ?? 64,
    contracts: {
      tokenFactory: required(values, 'TOKEN_FACTORY_ADDRESS', because),
      liquidityManager: required(values, 'LIQUIDITY_MANAGER_ADDRESS', because),
      forwarder: values.FORWARDER_ADDRESS ?? null,
      governance: governance(values),
    },
  };
}

/** All three or none: votes without the supply that they are a part of, say, could not be judged. */
function governance(values: Environment): GovernanceAddresses | null {
  const names = ['GOVERNANCE_ADDRESS', 'TIMELOCK_ADDRESS', 'GOVERNANCE_TOKEN_ADDRESS'] as const;
  const given = names.find((name) => values[name] !== undefined);
  if (given === undefined) return null;
  const because = `${given} is given`;
  return {
    governor: required(values, 'GOVERNANCE_ADDRESS', because),
    timelock: required(values, 'TIMELOCK_ADDRESS', because),
    token: required(values, 'GOVERNANCE_TOKEN_ADDRESS', because),
  };
}

function required<Name extends keyof Environment>(
  values: Environment,
  name: Name,
  because: string,
): NonNullable<Environment[Name]> {
  const value = values[name];
  if (value === undefined) throw new ConfigError(name, `must be set when ${because}`);
  return value;
}

/** For programs of production, which have no embedded parts. */
export function requireDatabase(config: Config): string {
  if (config.databaseUrl === null)
    throw new ConfigError('DATABASE_URL', 'must be set: this program has no embedded database');
  return config.databaseUrl;
}

export function requireChain(config: Config): ChainConfig {
  if (config.chain === null)
    throw new ConfigError('CHAIN_RPC_URLS', 'must be set: this program has no embedded chain');
  return config.chain;
}

/** Where the log is: PostgreSQL's own URL, or that of EventStoreDB. */
export function eventStoreUrl(config: Config): string {
  return config.eventStore.kind === 'postgres' ? requireDatabase(config) : config.eventStore.url;
}

/** Where the keys of persons are: a database of their own, or the main one. */
export function personalKeysUrl(config: Config): string {
  return config.personalData.keysUrl ?? requireDatabase(config);
}
