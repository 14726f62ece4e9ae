import { describe, expect, it } from '@jest/globals';
import {
  loadApiConfig,
  loadIndexerConfig,
  loadProjectorConfig,
  loadWorkerConfig,
  type ProgramConfigs,
} from './program-configs.js';

/** What opens something, and who may know it. */
const SECRETS = {
  JWT_SECRET: { value: 'a secret of more than thirty-two characters', of: ['api'] },
  JWT_OTHER_SECRETS: { value: 'another secret of more than thirty-two characters', of: ['api'] },
  RELAYER_PRIVATE_KEY: { value: `0x${'1'.repeat(64)}`, of: ['worker'] },
  LOG_SIGNING_KEY: { value: Buffer.alloc(32, 3).toString('base64'), of: ['worker'] },
  LOG_SIGNING_OLD_KEYS: { value: Buffer.alloc(32, 4).toString('base64'), of: ['worker'] },
  PERSONAL_DATA_KEY: { value: Buffer.alloc(32, 1).toString('base64'), of: ['api'] },
  PERSONAL_DATA_OLD_KEYS: { value: Buffer.alloc(32, 2).toString('base64'), of: ['api'] },
  PERSONAL_KEYS_URL: { value: 'postgres://keys:password@keys/persons', of: ['api', 'worker'] },
} as const satisfies Record<string, { value: string; of: readonly (keyof ProgramConfigs)[] }>;
type Secret = keyof typeof SECRETS;

const SHARED = {
  NODE_ENV: 'production',
  DATABASE_URL: 'postgres://main/abland',
  CHAIN_RPC_URLS: 'http://one:8545',
  CHAIN_ID: '7',
  TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
  LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
};

const LOADERS: { readonly [Name in keyof ProgramConfigs]: (env: Env) => ProgramConfigs[Name] } = {
  api: loadApiConfig,
  indexer: loadIndexerConfig,
  projector: loadProjectorConfig,
  worker: loadWorkerConfig,
};
type Env = Readonly<Record<string, string | undefined>>;
const PROGRAMS = Object.keys(LOADERS) as (keyof ProgramConfigs)[];

const isOf = (program: keyof ProgramConfigs, name: Secret): boolean =>
  (SECRETS[name].of as readonly string[]).includes(program);
const secretsFor = (wanted: (name: Secret) => boolean): Env =>
  Object.fromEntries(
    (Object.keys(SECRETS) as Secret[]).filter(wanted).map((name) => [name, SECRETS[name].value]),
  );

/** The names that are read of an environment. */
function spied(env: Env): { env: Env; names: Set<string> } {
  const names = new Set<string>();
  const get = (target: Env, name: string): string | undefined => {
    names.add(name);
    return target[name];
  };
  return { env: new Proxy(env, { get: (target, name) => get(target, String(name)) }), names };
}

describe.each(PROGRAMS)('the configuration of the %s', (program) => {
  const load = (env: Env): unknown => LOADERS[program](env);

  it("is whole in production without the others' secrets", () => {
    expect(() => load({ ...SHARED, ...secretsFor((name) => isOf(program, name)) })).not.toThrow();
  });

  it('reads no secret but its own, whatever the environment holds', () => {
    const { env, names } = spied({ ...SHARED, ...secretsFor(() => true) });
    const text = JSON.stringify(load(env), (_key, value: unknown) =>
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    );
    for (const name of Object.keys(SECRETS) as Secret[]) {
      expect([name, names.has(name)]).toEqual([name, isOf(program, name)]);
      expect([name, text.includes(SECRETS[name].value)]).toEqual([name, isOf(program, name)]);
    }
  });

  it('names the database where it is missing', () => {
    const { DATABASE_URL: _left, ...others } = SHARED;
    expect(() => load({ ...others, ...secretsFor((name) => isOf(program, name)) })).toThrow(
      expect.objectContaining({ variable: 'DATABASE_URL' }),
    );
  });
});

describe('the configuration of each program', () => {
  const env = { ...SHARED, ...secretsFor(() => true) };

  it("has no place for another's secret", () => {
    // @ts-expect-error the projector has no key of an account
    expect(loadProjectorConfig(env).relayerPrivateKeys).toBeUndefined();
    // @ts-expect-error nor does the API
    expect(loadApiConfig(env).relayerPrivateKeys).toBeUndefined();
    // @ts-expect-error the worker opens no session
    expect(loadWorkerConfig(env).jwtSecret).toBeUndefined();
    // @ts-expect-error and reads no personal data
    expect(loadWorkerConfig(env).masterKeys).toBeUndefined();
    // @ts-expect-error the indexer only follows
    expect(loadIndexerConfig(env).relayerPrivateKeys).toBeUndefined();
  });

  it.each([
    ['api', 'JWT_SECRET'],
    ['api', 'PERSONAL_DATA_KEY'],
    ['worker', 'RELAYER_PRIVATE_KEY'],
    ['worker', 'LOG_SIGNING_KEY'],
  ] as const)('of the %s wants %s of its own, whatever NODE_ENV says', (program, name) => {
    for (const NODE_ENV of ['production', 'development', undefined]) {
      expect(() => LOADERS[program]({ ...env, [name]: undefined, NODE_ENV })).toThrow(
        expect.objectContaining({ variable: name }),
      );
    }
  });

  it('lets nobody ask without end where others than this machine come', () => {
    const usual = { general: { count: 100, seconds: 900 }, signIn: { count: 5, seconds: 900 } };
    const elsewhere = { PUBLIC_URL: 'https://ab.example', NODE_ENV: undefined };
    expect(loadApiConfig({ ...env, ...elsewhere }).rateLimits).toMatchObject(usual);
    expect(loadApiConfig({ ...env, PUBLIC_URL: undefined, NODE_ENV: 'production' }).rateLimits).toMatchObject(
      usual,
    );
    const here = loadApiConfig({ ...env, PUBLIC_URL: undefined, NODE_ENV: undefined }).rateLimits;
    expect(here.general?.count).toBeGreaterThan(100_000);
    const set = { ...elsewhere, RATE_LIMIT_GENERAL: '7/2h', RATE_LIMIT_SIGN_IN: 'off' };
    expect(loadApiConfig({ ...env, ...set }).rateLimits).toMatchObject({
      ...{ general: { count: 7, seconds: 7_200 }, signIn: null },
      trading: { count: 60, seconds: 60 },
    });
  });

  it.each([
    ['RATE_LIMIT_GENERAL', '100'],
    ['RATE_LIMIT_GENERAL', '0/1m'],
    ['RATE_LIMIT_GENERAL', '1/2d'],
    ['RATE_LIMIT_TRADING', '5/0s'],
    ['RATE_LIMIT_TRADING', '5/15'],
    ['TRUSTED_PROXIES', '10.0.0.0/33'],
    ['TRUSTED_PROXIES', 'loopback'],
    ['TRUSTED_PROXIES', '::1/129'],
  ])('of the api refuses %s=%s', (name, value) => {
    expect(() => loadApiConfig({ ...env, [name]: value })).toThrow(
      expect.objectContaining({ variable: name }),
    );
  });

  it('keeps the log and the keys of persons in the main database unless others are named', () => {
    const main = SHARED.DATABASE_URL;
    expect(loadWorkerConfig(env).personalKeysUrl).toBe(SECRETS.PERSONAL_KEYS_URL.value);
    const together = { ...env, PERSONAL_KEYS_URL: undefined };
    expect(loadApiConfig(together)).toMatchObject({ personalKeysUrl: main, eventStoreUrl: main });
    const elsewhere = { EVENT_STORE: 'eventstoredb', EVENTSTORE_URL: 'esdb://there:2113' };
    expect(loadProjectorConfig({ ...env, ...elsewhere }).eventStoreUrl).toBe('esdb://there:2113');
  });
});
