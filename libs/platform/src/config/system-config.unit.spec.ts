import { resolve } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { HDNodeWallet } from 'ethers';
import { loadDataConfig, loadSystemConfig, loadVisitorConfig } from './system-config.js';

const production = {
  NODE_ENV: 'production',
  JWT_SECRET: 'a secret of more than thirty-two characters',
  RELAYER_PRIVATE_KEY: `0x${'1'.repeat(64)}`,
  PERSONAL_DATA_KEY: Buffer.alloc(32, 1).toString('base64'),
  LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
};
const BUILT_IN_KEY = '0x59C6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690D';
const WITNESS_KEY = 'w1.example+70e61ec7+BAcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH';
const ZERO_KEY = `0x${'0'.repeat(64)}`;
const CURVE_ORDER = '0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141';

describe('the configuration of the whole system', () => {
  it('has a sane default for everything, on embedded parts', () => {
    expect(loadSystemConfig({})).toMatchObject({
      port: 4000,
      publicUrl: 'http://localhost:4000',
      databaseUrl: null,
      eventStoreDbUrl: null,
      chains: [],
      embeddedChain: { port: 8545, chainId: 31_337, finalityDepth: 5 },
    });
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://here'],
    ['DATABASE_URL', 'postgres://user:pass word@here/abland'],
    ['EVENT_STORE', 'oracle'],
    ['CHAIN_RPC_URLS', 'http://one,not-a-url'],
    ['KAFKA_BROKERS', 'broker'],
    ['REDIS_URL', 'http://here'],
    ['CHAIN_FINALITY_DEPTH', '0'],
    ['TOKEN_FACTORY_ADDRESS', '0x12'],
    ['GOVERNANCE_CLOCK', 'hours'],
    ['RELAYER_PRIVATE_KEY', 'secret'],
    ['RELAYER_PRIVATE_KEY', ZERO_KEY],
    ['RELAYER_PRIVATE_KEY', CURVE_ORDER],
    ['JWT_SECRET', 'short'],
    ['JWT_SECRET', ' '.repeat(40)],
    ['JWT_SECRET', 'x'.repeat(40)],
    ['JWT_SECRET', `short${' '.repeat(40)}`],
    ['ABLAND_DATA_DIR', ' '],
    ['ABLAND_DATA_DIR', '.abland\n'],
    ['CHAINS_FILE', ' chains.json'],
    ['PERSONAL_DATA_KEY', Buffer.alloc(31).toString('base64')],
    ['PERSONAL_DATA_KEY', 'secret'],
    ['LOG_SIGNING_KEY', Buffer.alloc(33).toString('base64')],
    ['LOG_SIGNING_OLD_KEYS', 'YWJsYW5kIGRldmVsb3BtZW50IGxvZyBzaWduYXR1cmU='],
    ['LOG_ORIGIN', 'a name'],
    ['LOG_ORIGIN', 'a+name'],
    ['LOG_WITNESSES', WITNESS_KEY],
    ['LOG_WITNESSES', `${WITNESS_KEY} ftp://w1.example`],
    ['LOG_WITNESSES', `${WITNESS_KEY} https://user:word@w1.example`],
    ['LOG_WITNESSES', `${WITNESS_KEY} https://w1.example more`],
    ['LOG_WITNESSES', `${WITNESS_KEY.replace('w1', 'w2')} https://w1.example`],
    [
      'LOG_WITNESSES',
      'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k https://w1.example',
    ],
    ['LOG_WITNESSES', `${WITNESS_KEY} https://w1.example,${WITNESS_KEY} https://w2.example`],
    ['LOG_WITNESSES_NEEDED', '1'],
    ['LOG_WITNESSES_NEEDED', '0'],
    ['PERSONAL_DATA_OLD_KEYS', `${Buffer.alloc(32, 1).toString('base64')},short`],
    ['PERSONAL_KEYS_URL', 'mysql://here'],
    ['OPERATOR_ADDRESSES', '0x12'],
    ['LOG_LEVEL', 'loud'],
  ])('names %s when it is %s', (name, value) => {
    expect(() => loadSystemConfig({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', variable: name }),
    );
  });

  it.each([
    ['METRICS_PORT', {}],
    ['CHAIN_START_BLOCK', {}],
    ['DATABASE_READ_URL', {}],
    ['EVENTSTORE_URL', { EVENT_STORE: 'postgres' }],
  ])('refuses %s where it would be ignored', (name, others) => {
    const value = name === 'DATABASE_READ_URL' ? 'postgres://there/abland' : '8545';
    const env = { ...others, [name]: name === 'EVENTSTORE_URL' ? 'esdb://there:2113' : value };
    expect(() => loadSystemConfig(env)).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', variable: name }),
    );
  });

  it.each([
    ['PUBLIC_URL', 'http:foo'],
    ['PUBLIC_URL', 'http://u:p@here/x'],
    ['PUBLIC_URL', 'http://here/x?y'],
    ['PUBLIC_URL', 'http://here/x#z'],
    ['CORS_ORIGINS', 'https:a.example'],
    ['CORS_ORIGINS', 'https://b.example,https://a.example/path'],
    ['CORS_ORIGINS', 'https://A.example'],
    ['CORS_ORIGINS', 'https://a.example:443'],
    ['CHAIN_RPC_URLS', 'http:one'],
    ['REDIS_URL', 'redis://here/cache'],
    ['REDIS_URL', 'redis://here:6379/-1'],
    ['REDIS_URL', 'redis://:100%@here'],
    ['EVENTSTORE_URL', 'esdb://me:100%@here:2113'],
    ['PORT', '6000'],
    ['CHAIN_PORT', '10080'],
    ['PUBLIC_URL', 'http://here:6667/x'],
    ['OPERATOR_ADDRESSES', `0x${'0'.repeat(40)}`],
    ['EVENT_STORE', 'oracle'],
    ['NODE_ENV', 'live'],
    ['GOVERNANCE_CLOCK', 'hours'],
    ['KAFKA_SASL_MECHANISM', 'gssapi'],
    ['LOG_LEVEL', 'loud'],
  ])('says of %s in its own words that %s is wrong', (name, value) => {
    const broker = { KAFKA_BROKERS: 'here:9092' };
    const beside = { KAFKA_SASL_MECHANISM: broker, EVENTSTORE_URL: { EVENT_STORE: 'eventstoredb' } };
    const env = { ...production, ...beside[name as keyof typeof beside], [name]: value };
    expect(() => loadSystemConfig(env)).toThrow(
      expect.objectContaining({ variable: name, message: expect.stringMatching(`^${name} must `) }),
    );
  });

  it('takes where people reach it below a path, and origins as browsers say them', () => {
    const env = {
      ...production,
      PUBLIC_URL: 'https://a.example/market',
      CORS_ORIGINS: 'https://a.example, http://localhost:3000',
    };
    expect(loadSystemConfig(env)).toMatchObject({
      publicUrl: 'https://a.example/market',
      corsOrigins: ['https://a.example', 'http://localhost:3000'],
    });
  });

  it('offers development accounts, two of them operators, on its own machine', () => {
    const { developmentAccounts, host, operatorAddresses } = loadSystemConfig({});
    expect([host, developmentAccounts.length]).toEqual(['127.0.0.1', 3]);
    expect(operatorAddresses).toEqual(developmentAccounts.slice(0, 2).map(({ address }) => address));
    expect(loadSystemConfig({ OPERATOR_ADDRESSES: `0x${'1'.repeat(40)}` }).operatorAddresses).toHaveLength(1);
  });

  it.each([
    ['in production', production],
    ['where others reach it', { ...production, NODE_ENV: 'test', PUBLIC_URL: 'https://a.example' }],
    [
      'with a database elsewhere',
      { ...production, NODE_ENV: 'test', DATABASE_URL: 'postgres://there/abland' },
    ],
  ])('knows no operators but those that are named, and offers nobody a key, %s', (_where, env) => {
    expect(loadSystemConfig(env)).toMatchObject({
      ...{ developmentAccounts: [], operatorAddresses: [], host: '0.0.0.0' },
    });
  });

  it('refuses one port for the API and the embedded chain, and takes any that is free for both', () => {
    expect(() => loadSystemConfig({ PORT: '8713', CHAIN_PORT: '8713' })).toThrow(
      expect.objectContaining({
        variable: 'CHAIN_PORT',
        message: expect.stringContaining('PORT, which is 8713'),
      }),
    );
    expect(() => loadSystemConfig({ CHAIN_PORT: '4000' })).toThrow(
      expect.objectContaining({ variable: 'CHAIN_PORT' }),
    );
    expect(() => loadSystemConfig({ PORT: '0', CHAIN_PORT: '0' })).not.toThrow();
  });

  it('has the data folder as a path that every program understands, whatever its own folder is', () => {
    expect(loadDataConfig({}).dataDir).toBe(resolve('.abland'));
    expect(loadDataConfig({ ABLAND_DATA_DIR: '../there' }).dataDir).toBe(resolve('../there'));
  });

  it('signs sessions with the same secret, whichever program has a line end after it', () => {
    const { JWT_SECRET } = production;
    for (const padded of [`${JWT_SECRET}\n`, ` ${JWT_SECRET}\r\n`])
      expect(loadSystemConfig({ ...production, JWT_SECRET: padded }).jwtSecret).toBe(JWT_SECRET);
  });

  it('tells of what it does not heed', () => {
    expect(loadSystemConfig({ CHAIN_PORT: '8600' }).unheeded).toEqual([]);
    const env = { ...production, IPFS_API_URL: 'http://here:5001', CHAIN_PORT: '8600' };
    const chain = {
      ...{ CHAIN_RPC_URLS: 'http://one:8545', CHAIN_ID: '7' },
      ...{ TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`, LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}` },
    };
    expect(loadSystemConfig({ ...env, ...chain }).unheeded).toEqual([
      'IPFS_API_URL is set: this version does not use it',
      'CHAIN_PORT is set: the chain is that of CHAIN_RPC_URLS',
    ]);
  });

  it.each(['JWT_SECRET', 'RELAYER_PRIVATE_KEY', 'PERSONAL_DATA_KEY', 'LOG_SIGNING_KEY'] as const)(
    'refuses the built-in %s in production',
    (name) => {
      const { [name]: _left, ...others } = production;
      expect(() => loadSystemConfig(others)).toThrow(expect.objectContaining({ variable: name }));
      expect(() => loadSystemConfig(production)).not.toThrow();
    },
  );

  it.each([
    ['JWT_SECRET', ' Development-only-secret-not-for-production'],
    ['RELAYER_PRIVATE_KEY', BUILT_IN_KEY.toLowerCase()],
    ['RELAYER_PRIVATE_KEY', BUILT_IN_KEY],
    ['PERSONAL_DATA_KEY', 'YWJsYW5kIGRldmVsb3BtZW50IG9ubHksIG5vIHNlY3J='],
    ['LOG_SIGNING_KEY', 'YWJsYW5kIGRldmVsb3BtZW50IGxvZyBzaWduYXR1cmV='],
  ])('refuses the built-in %s in production in another spelling, %s', (name, value) => {
    expect(() => loadSystemConfig({ ...production, [name]: value })).toThrow(
      expect.objectContaining({ variable: name, message: expect.stringContaining('is public') }),
    );
  });

  describe('of several senders', () => {
    const keyOf = (digit: string): string => `0x${digit.repeat(64)}`;
    const { RELAYER_PRIVATE_KEY: one, ...without } = production;
    const refusal = (env: Record<string, string>): Error => {
      try {
        loadSystemConfig(env);
      } catch (error) {
        return error as Error;
      }
      throw new Error('It was taken');
    };

    it('takes their keys in the order in which they are given, or the one key', () => {
      const RELAYER_PRIVATE_KEYS = `${keyOf('a')}, ${keyOf('b')}`;
      expect(loadSystemConfig({ ...without, RELAYER_PRIVATE_KEYS }).relayerPrivateKeys).toEqual([
        keyOf('a'),
        keyOf('b'),
      ]);
      expect(loadSystemConfig(production).relayerPrivateKeys).toEqual([one]);
      expect(loadSystemConfig({}).relayerPrivateKeys).toEqual([BUILT_IN_KEY.toLowerCase()]);
    });

    it.each([
      [
        'beside the one key',
        { RELAYER_PRIVATE_KEY: one, RELAYER_PRIVATE_KEYS: keyOf('a') },
        'beside RELAYER_PRIVATE_KEY',
      ],
      [
        'where two are equal',
        { RELAYER_PRIVATE_KEYS: `${keyOf('b')},${keyOf('a')},0x${'B'.repeat(64)}` },
        'number 3 is number 1 again',
      ],
      [
        'where one is the built-in one',
        { RELAYER_PRIVATE_KEYS: `${keyOf('a')},${BUILT_IN_KEY}` },
        'is public',
      ],
      [
        'where one is no key',
        { RELAYER_PRIVATE_KEYS: `${keyOf('a')},` },
        'must be 0x and 64 hexadecimal digits',
      ],
    ])('refuses them %s, by their name and without a key', (_, keys, problem) => {
      const error = refusal({ ...without, ...keys });
      expect(error).toMatchObject({
        variable: 'RELAYER_PRIVATE_KEYS',
        message: expect.stringContaining(problem),
      });
      expect(error.message.toLowerCase()).not.toMatch(/[0-9a-f]{20}/);
    });

    it('refuses that of a development account among them in production, and the built-in one with any part elsewhere', () => {
      const funded = HDNodeWallet.fromPhrase(`${'test '.repeat(11)}junk`, '', "m/44'/60'/0'/0/7").privateKey;
      const RELAYER_PRIVATE_KEYS = `${keyOf('a')},${funded}`;
      expect(refusal({ ...without, RELAYER_PRIVATE_KEYS })).toMatchObject({
        variable: 'RELAYER_PRIVATE_KEYS',
      });
      expect(loadSystemConfig({ RELAYER_PRIVATE_KEYS }).relayerPrivateKeys).toHaveLength(2);
      const elsewhere = { ...without, NODE_ENV: 'development', DATABASE_URL: 'postgres://here/abland' };
      expect(refusal({ ...elsewhere, RELAYER_PRIVATE_KEYS: BUILT_IN_KEY })).toMatchObject({
        variable: 'RELAYER_PRIVATE_KEYS',
      });
    });
  });

  it('refuses the keys of all development accounts in production, and there alone', () => {
    const parent = HDNodeWallet.fromPhrase(`${'test '.repeat(11)}junk`, '', "m/44'/60'/0'/0");
    for (let index = 0; index < 20; index += 1) {
      const RELAYER_PRIVATE_KEY = parent.deriveChild(index).privateKey;
      expect(() => loadSystemConfig({ ...production, RELAYER_PRIVATE_KEY })).toThrow(
        expect.objectContaining({ variable: 'RELAYER_PRIVATE_KEY' }),
      );
      expect(() => loadSystemConfig({ RELAYER_PRIVATE_KEY })).not.toThrow();
    }
  });

  it.each([
    ['DATABASE_URL', 'postgres://here/abland'],
    ['DATABASE_READ_URL', 'postgres://replica/abland'],
    ['PERSONAL_KEYS_URL', 'postgres://keys/abland'],
    ['EVENTSTORE_URL', 'esdb://here:2113'],
    ['CHAIN_RPC_URLS', 'http://here:8545'],
    ['KAFKA_BROKERS', 'here:9092'],
    ['REDIS_URL', 'redis://here'],
    ['IPFS_API_URL', 'http://here:5001'],
  ])('refuses built-in secrets as soon as %s names a part elsewhere', (part, url) => {
    const { NODE_ENV: _production, ...secrets } = production;
    const external = {
      ...{ [part]: url, ...(part === 'EVENTSTORE_URL' ? { EVENT_STORE: 'eventstoredb' } : {}) },
      ...(part === 'DATABASE_READ_URL' ? { DATABASE_URL: 'postgres://here/abland' } : {}),
      ...{ CHAIN_ID: '7', TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}` },
      LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
      ...(part === 'CHAIN_RPC_URLS'
        ? {}
        : { CHAIN_RPC_URLS: '', TOKEN_FACTORY_ADDRESS: '', LIQUIDITY_MANAGER_ADDRESS: '' }),
    };
    expect(() => loadSystemConfig({ ...external, ...secrets })).not.toThrow();
    for (const name of Object.keys(secrets)) {
      // The embedded database has a key of its own.
      if (name === 'PERSONAL_DATA_KEY' && part !== 'DATABASE_URL') continue;
      for (const NODE_ENV of ['development', 'test', undefined]) {
        const env = { ...external, ...secrets, [name]: undefined, NODE_ENV };
        expect(() => loadSystemConfig(env)).toThrow(expect.objectContaining({ variable: name }));
      }
    }
  });

  it.each(['https://ab.example', 'http://192.168.1.5:4000', 'http://localhost.ab.example:4000/path'])(
    'refuses built-in secrets where others reach it at %s',
    (PUBLIC_URL) => {
      const { NODE_ENV: _production, ...secrets } = production;
      expect(() => loadSystemConfig({ PUBLIC_URL, ...secrets })).not.toThrow();
      for (const name of ['JWT_SECRET', 'LOG_SIGNING_KEY', 'RELAYER_PRIVATE_KEY'])
        expect(() => loadSystemConfig({ PUBLIC_URL, ...secrets, [name]: undefined })).toThrow(
          `${name} must be set when PUBLIC_URL is not of this machine: the built-in one is public`,
        );
      // The embedded database has a key of its own.
      const { personalData } = loadSystemConfig({ PUBLIC_URL, ...secrets, PERSONAL_DATA_KEY: undefined });
      expect(personalData.builtIn).toBe(true);
    },
  );

  it('takes built-in secrets where its own machine alone reaches it', () => {
    for (const PUBLIC_URL of ['http://localhost:4000/market', 'https://127.0.0.1', 'http://[::1]:4000'])
      expect(() => loadSystemConfig({ PUBLIC_URL })).not.toThrow();
  });

  it('divides the connections to PostgreSQL among the programs, with the one that listens', () => {
    const shares = { indexer: 2, projector: 5, worker: 8, api: 4, all: 20 };
    expect(loadSystemConfig({}).connections).toEqual(shares);
    expect(loadSystemConfig({ DATABASE_POOL_MAX: '30' }).connections).toEqual({
      ...shares,
      api: 14,
      all: 30,
    });
  });

  it('counts those of what is built beside the live read models, of which there is one unless more are wanted', () => {
    const wanted = { BUILD_CONNECTIONS: '3' };
    expect(() => loadSystemConfig(wanted)).toThrow('DATABASE_POOL_MAX must be 22 or more');
    const config = loadSystemConfig({ ...wanted, DATABASE_POOL_MAX: '22' });
    expect(config.buildConnections).toBe(3);
    expect(config.connections).toMatchObject({ projector: 7, api: 4 });
    expect(loadSystemConfig({}).buildConnections).toBe(1);
    for (const BUILD_CONNECTIONS of ['0', '17', 'all'])
      expect(() => loadSystemConfig({ BUILD_CONNECTIONS })).toThrow('BUILD_CONNECTIONS');
  });

  it.each(['19', '0', 'many'])('refuses %s connections to PostgreSQL by name', (DATABASE_POOL_MAX) => {
    expect(() => loadSystemConfig({ DATABASE_POOL_MAX })).toThrow(
      expect.objectContaining({ variable: 'DATABASE_POOL_MAX' }),
    );
  });

  it('tells which settings this version does not use', () => {
    const { NODE_ENV: _production, ...secrets } = production;
    const env = { ...secrets, REDIS_URL: 'redis://here', IPFS_API_URL: 'http://here:5001' };
    expect(loadSystemConfig(env).unused).toEqual(['IPFS_API_URL']);
    expect(loadSystemConfig({}).unused).toEqual([]);
  });

  it('takes the master keys of personal data, the one that wraps first', () => {
    const [current, old] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const { personalData } = loadSystemConfig({
      PERSONAL_DATA_KEY: current.toString('base64'),
      PERSONAL_DATA_OLD_KEYS: old.toString('base64'),
    });
    expect(personalData).toEqual({
      masterKeys: [new Uint8Array(current), new Uint8Array(old)],
      builtIn: false,
    });
    expect(loadSystemConfig({}).personalData.builtIn).toBe(true);
  });

  it('asks for the URL of EventStoreDB when that is chosen, and for one that its client understands', () => {
    const chosen = { EVENT_STORE: 'eventstoredb' };
    for (const url of [undefined, 'kurrentdb://here:2113', 'kurrentdb+discover://here:2113']) {
      expect(() => loadDataConfig({ ...chosen, EVENTSTORE_URL: url })).toThrow(
        expect.objectContaining({ variable: 'EVENTSTORE_URL' }),
      );
    }
    const url = 'esdb+discover://here:2113';
    expect(loadDataConfig({ ...chosen, EVENTSTORE_URL: url }).eventStoreDbUrl).toBe(url);
  });

  it('takes witnesses with their keys, of whom more than half are needed unless it is said how many', () => {
    const keys = [
      WITNESS_KEY,
      'w2.example+9987770d+BAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI',
      'w3.example+6fb88568+BAkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJCQkJ',
    ];
    const given = (count: number): string =>
      keys
        .slice(0, count)
        .map((key) => `${key} https://${key.slice(0, 2)}.example/at/`)
        .join(', ');
    const neededOf = (env: Record<string, string>): number => loadSystemConfig(env).logWitnesses.needed;
    expect(loadSystemConfig({ LOG_WITNESSES: given(1) }).logWitnesses).toEqual({
      witnesses: [{ key: WITNESS_KEY, url: 'https://w1.example/at' }],
      needed: 1,
    });
    expect([0, 1, 2, 3].map((count) => neededOf({ LOG_WITNESSES: given(count) }))).toEqual([0, 1, 2, 2]);
    expect(neededOf({ LOG_WITNESSES: given(3), LOG_WITNESSES_NEEDED: '3' })).toBe(3);
  });

  it('takes an empty variable for a missing one', () => {
    expect(loadSystemConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 4000, databaseUrl: null });
  });

  it('leads a visitor to where the system runs that is configured the same', () => {
    expect(loadVisitorConfig({ PORT: '4100', CHAIN_PORT: '8600' })).toEqual({
      dataDir: resolve('.abland'),
      apiUrl: 'http://localhost:4100',
      chainRpcUrl: 'http://localhost:8600',
      fundingKey: null,
    });
  });
});
