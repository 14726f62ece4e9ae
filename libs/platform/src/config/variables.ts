import { z } from 'zod';
import { ConfigError } from './config-error.js';
import {
  address,
  CHAIN_ID_MAX,
  dataFee,
  eventStoreDbUrl,
  freeText,
  hostAndPort,
  integer,
  keyName,
  list,
  masterKey,
  network,
  oneOf,
  origin,
  path,
  privateKey,
  providerUrl,
  publicPlace,
  rateLimit,
  redisUrl,
  signingSecret,
  tokenParty,
  url,
  webPort,
  witness,
} from './formats.js';
import { type Environment, givenText } from './secret-files.js';

/** Every variable that a program may be configured with, and what it may be. */
const VARIABLES = {
  NODE_ENV: oneOf('development', 'production', 'test').default('development'),
  PORT: webPort.default(4000),
  CHAIN_PORT: webPort.default(8545),
  METRICS_PORT: integer(0, 65_535).optional(),
  PUBLIC_URL: publicPlace.optional(),
  CORS_ORIGINS: list(origin).optional(),
  DATABASE_URL: url('postgres', 'postgresql').optional(),
  DATABASE_READ_URL: url('postgres', 'postgresql').optional(),
  DATABASE_POOL_MAX: integer(1, 10_000).default(20),
  HISTORY_KEPT_DAYS: integer(1, 36_500).default(90),
  BUILD_EVENTS_PER_SECOND: integer(1, 10_000_000).optional(),
  BUILD_CONNECTIONS: integer(1, 16).default(1),
  PROJECTIONS_PROMOTE: oneOf('auto', 'manual').default('auto'),
  EVENT_STORE: oneOf('postgres', 'eventstoredb').default('postgres'),
  EVENTSTORE_URL: eventStoreDbUrl.optional(),
  KAFKA_BROKERS: list(hostAndPort).optional(),
  KAFKA_TOPIC_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'must be letters, digits, ".", "_" and "-", 100 at most')
    .default('abland.'),
  KAFKA_SSL_CA_FILE: freeText.optional(),
  KAFKA_SASL_MECHANISM: oneOf('plain', 'scram-sha-256', 'scram-sha-512').optional(),
  KAFKA_SASL_USERNAME: freeText.optional(),
  KAFKA_SASL_PASSWORD: z.string().min(1).optional(),
  REDIS_URL: redisUrl.optional(),
  CHAINS_FILE: path.optional(),
  CHAIN_RPC_URLS: list(providerUrl).optional(),
  CHAIN_ID: integer(1, CHAIN_ID_MAX).optional(),
  CHAIN_START_BLOCK: integer(0, Number.MAX_SAFE_INTEGER).optional(),
  CHAIN_FINALITY_DEPTH: integer(1, 100_000).optional(),
  CHAIN_PROOF: oneOf('none', 'bloom', 'receipts').optional(),
  CHAIN_LOGS: oneOf('all', 'ours').optional(),
  CHAIN_DATA_FEE: dataFee.optional(),
  CHAIN_QUORUM: integer(1, 100).optional(),
  RECONCILE_CALLS_PER_MINUTE: integer(0, 1_000_000).default(60),
  TOKEN_FACTORY_ADDRESS: address.optional(),
  LIQUIDITY_MANAGER_ADDRESS: address.optional(),
  ROUTER_ADDRESS: address.optional(),
  FORWARDER_ADDRESS: address.optional(),
  CHECKPOINT_ADDRESS: address.optional(),
  GOVERNANCE_ADDRESS: address.optional(),
  TIMELOCK_ADDRESS: address.optional(),
  GOVERNANCE_TOKEN_ADDRESS: address.optional(),
  GOVERNANCE_CLOCK: oneOf('blocks', 'seconds').optional(),
  RELAYER_PRIVATE_KEY: privateKey.optional(),
  RELAYER_PRIVATE_KEYS: list(privateKey).optional(),
  RELAYER_MAX_FEE_GWEI: integer(1, 1_000_000_000).default(500),
  RELAYER_MAX_GAS: integer(100_000, 1_000_000_000).default(6_000_000),
  ANCHOR_PRIVATE_KEY: privateKey.optional(),
  ANCHOR_INTERVAL_MINUTES: integer(1, 10_080).default(60),
  ANCHOR_SIGNER_ADDRESS: address.optional(),
  DEMO_FUNDING_KEY: privateKey.optional(),
  JWT_SECRET: signingSecret.optional(),
  JWT_OTHER_SECRETS: list(signingSecret).optional(),
  JWT_ISSUER: tokenParty.default('abland'),
  JWT_AUDIENCE: tokenParty.default('abland-api'),
  ACCESS_TOKEN_MINUTES: integer(1, 1_440).default(15),
  SESSION_DAYS: integer(1, 365).default(30),
  LOG_SIGNING_KEY: masterKey.optional(),
  LOG_SIGNING_OLD_KEYS: list(masterKey).optional(),
  LOG_ORIGIN: keyName.optional(),
  LOG_WITNESSES: list(witness).optional(),
  LOG_WITNESSES_NEEDED: integer(1, 99).optional(),
  PERSONAL_DATA_KEY: masterKey.optional(),
  PERSONAL_DATA_OLD_KEYS: list(masterKey).optional(),
  PERSONAL_KEYS_URL: url('postgres', 'postgresql').optional(),
  RATE_LIMIT_GENERAL: rateLimit.optional(),
  RATE_LIMIT_CREATION: rateLimit.optional(),
  RATE_LIMIT_TRADING: rateLimit.optional(),
  RATE_LIMIT_SIGN_IN: rateLimit.optional(),
  REQUESTS_IN_HAND_MAX: integer(2, 100_000).default(400),
  GRAPHQL_INTROSPECTION: oneOf('on', 'off').default('on'),
  GRAPHQL_EXPLORER: oneOf('on', 'off').default('on'),
  QUERY_DEPTH_MAX: integer(5, 100).default(15),
  QUERY_COST_MAX: integer(1_000, 10_000_000).default(20_000),
  QUERY_LOOKUPS_MAX: integer(10, 10_000).default(50),
  QUERY_ROOTS_MAX: integer(10, 10_000).default(50),
  QUERY_ALIASES_MAX: integer(10, 10_000).default(100),
  TRUSTED_DOCUMENTS: oneOf('also', 'only').default('also'),
  TRUSTED_DOCUMENTS_FILE: path.optional(),
  TRUSTED_PROXIES: list(network).optional(),
  OPERATOR_ADDRESSES: list(address).optional(),
  OPERATORS_CONFIRM: oneOf('on', 'off').default('off'),
  CREATORS: oneOf('anyone', 'appointed').default('anyone'),
  OPERATIONS_NEED_APPROVAL: list(oneOf('promote', 'skip', 'switch-back')).optional(),
  IPFS_API_URL: url('http', 'https').optional(),
  LOG_LEVEL: oneOf('fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent').default('info'),
  ABLAND_DATA_DIR: path.prefault('.abland'),
} as const;

export type { Environment } from './secret-files.js';
export type Variable = keyof typeof VARIABLES;
export const VARIABLE_NAMES = Object.keys(VARIABLES) as readonly Variable[];
export const isVariable = (name: string): name is Variable => Object.hasOwn(VARIABLES, name);
export type Value<Name extends Variable> = z.output<(typeof VARIABLES)[Name]>;

/**
 * One variable, checked; empty is as good as absent. A secret may be in a file: `givenText`.
 * @throws ConfigError that names it, or the variable that names its file
 */
export function read<Name extends Variable>(env: Environment, name: Name): Value<Name> {
  const { name: givenBy, text } = givenText(env, name);
  const parsed = VARIABLES[name].safeParse(text);
  if (!parsed.success) throw new ConfigError(givenBy, parsed.error.issues[0]?.message ?? 'is not valid');
  return parsed.data as Value<Name>;
}

/** @throws ConfigError that says the problem where it is absent */
export function required<Name extends Variable>(
  env: Environment,
  name: Name,
  problem: string,
): NonNullable<Value<Name>> {
  const value = read(env, name);
  if (value === undefined) throw new ConfigError(name, problem);
  return value as NonNullable<Value<Name>>;
}
