import { describe, expect, it } from '@jest/globals';
import { loadConfig, personalKeysUrl } from './config.js';

const production = {
  NODE_ENV: 'production',
  JWT_SECRET: 'a secret of more than thirty-two characters',
  RELAYER_PRIVATE_KEY: `0x${'1'.repeat(64)}`,
  PERSONAL_DATA_KEY: Buffer.alloc(32, 1).toString('base64'),
};

describe('the configuration', () => {
  it('has a sane default for everything, on embedded parts', () => {
    const config = loadConfig({});
    expect(config).toMatchObject({
      port: 4000,
      databaseUrl: null,
      chain: null,
      eventStore: { kind: 'postgres' },
    });
    expect(config.publicUrl).toBe('http://localhost:4000');
  });

  it.each([
    ['PORT', 'eighty'],
    ['PORT', '70000'],
    ['DATABASE_URL', 'mysql://here'],
    ['EVENT_STORE', 'oracle'],
    ['CHAIN_RPC_URLS', 'http://one,not-a-url'],
    ['KAFKA_BROKERS', 'broker'],
    ['CHAIN_FINALITY_DEPTH', '0'],
    ['TOKEN_FACTORY_ADDRESS', '0x12'],
    ['RELAYER_PRIVATE_KEY', 'secret'],
    ['JWT_SECRET', 'short'],
    ['PERSONAL_DATA_KEY', Buffer.alloc(31).toString('base64')],
    ['PERSONAL_DATA_KEY', 'secret'],
    ['PERSONAL_DATA_OLD_KEYS', `${Buffer.alloc(32, 1).toString('base64')},short`],
    ['PERSONAL_KEYS_URL', 'mysql://here'],
    ['OPERATOR_ADDRESSES', '0x12'],
    ['LOG_LEVEL', 'loud'],
  ])('names %s when it is %s', (name, value) => {
    expect(() => loadConfig({ [name]: value })).toThrow(
      expect.objectContaining({ code: 'CONFIG_INVALID', variable: name }),
    );
  });

  it.each(['JWT_SECRET', 'RELAYER_PRIVATE_KEY', 'PERSONAL_DATA_KEY'] as const)(
    'refuses the built-in %s in production',
    (name) => {
      const { [name]: _left, ...others } = production;
      expect(() => loadConfig(others)).toThrow(expect.objectContaining({ variable: name }));
      expect(loadConfig(production).production).toBe(true);
    },
  );

  it('takes the master keys of personal data, the one that wraps first', () => {
    const [current, old] = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    const { personalData } = loadConfig({
      PERSONAL_DATA_KEY: current.toString('base64'),
      PERSONAL_DATA_OLD_KEYS: old.toString('base64'),
    });
    expect(personalData).toEqual({
      masterKeys: [new Uint8Array(current), new Uint8Array(old)],
      builtIn: false,
      keysUrl: null,
    });
    expect(loadConfig({}).personalData.builtIn).toBe(true);
  });

  it('keeps the keys of persons in the main database unless another is named', () => {
    const main = { DATABASE_URL: 'postgres://main/abland' };
    expect(personalKeysUrl(loadConfig(main))).toBe('postgres://main/abland');
    const apart = { ...main, PERSONAL_KEYS_URL: 'postgres://keys/persons' };
    expect(personalKeysUrl(loadConfig(apart))).toBe('postgres://keys/persons');
  });

  it('asks for what an external chain needs', () => {
    const chain = { CHAIN_RPC_URLS: 'http://one:8545, ws://two:8546' };
    expect(() => loadConfig(chain)).toThrow(expect.objectContaining({ variable: 'CHAIN_ID' }));
    const addresses = {
      TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
      LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
    };
    expect(loadConfig({ ...chain, ...addresses, CHAIN_ID: '7' }).chain).toMatchObject({
      chainId: 7,
      rpcUrls: ['http://one:8545', 'ws://two:8546'],
      contracts: { forwarder: null, governance: null },
    });
  });

  it('takes an address in lower case or with the right checksum, and no other', () => {
    const chain = { CHAIN_RPC_URLS: 'http://one:8545', CHAIN_ID: '7' };
    const right = '0x8ba1f109551bD432803012645Ac136ddd64DBA72';
    const load = (factory: string, operators: string): ReturnType<typeof loadConfig> =>
      loadConfig({
        ...chain,
        TOKEN_FACTORY_ADDRESS: factory,
        LIQUIDITY_MANAGER_ADDRESS: right,
        OPERATOR_ADDRESSES: operators,
      });
    for (const spelling of [right, right.toLowerCase()]) {
      const config = load(spelling, `${spelling}, ${spelling}`);
      expect(config.chain?.contracts.tokenFactory).toBe(right);
      expect(config.operatorAddresses).toEqual([right, right]);
    }
    for (const wrong of [
      right.replace('bD', 'Bd'),
      `0x${right.slice(2).toUpperCase()}`,
      right.slice(0, -1),
    ]) {
      const refusal = (variable: string): unknown => expect.objectContaining({ variable });
      expect(() => load(wrong, right)).toThrow(refusal('TOKEN_FACTORY_ADDRESS'));
      expect(() => load(right, `${right},${wrong}`)).toThrow(refusal('OPERATOR_ADDRESSES'));
    }
  });

  it('takes the addresses of governance together or not at all', () => {
    const chain = {
      CHAIN_RPC_URLS: 'http://one:8545',
      CHAIN_ID: '7',
      TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
      LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
    };
    const addresses = {
      GOVERNANCE_ADDRESS: `0x${'3'.repeat(40)}`,
      TIMELOCK_ADDRESS: `0x${'4'.repeat(40)}`,
      GOVERNANCE_TOKEN_ADDRESS: `0x${'5'.repeat(40)}`,
    };
    for (const name of Object.keys(addresses) as (keyof typeof addresses)[]) {
      const { [name]: _left, ...others } = addresses;
      expect(() => loadConfig({ ...chain, ...others })).toThrow(expect.objectContaining({ variable: name }));
    }
    expect(loadConfig({ ...chain, ...addresses }).chain?.contracts.governance).toEqual({
      governor: addresses.GOVERNANCE_ADDRESS,
      timelock: addresses.TIMELOCK_ADDRESS,
      token: addresses.GOVERNANCE_TOKEN_ADDRESS,
    });
  });

  it('asks for the URL of EventStoreDB when that is chosen', () => {
    expect(() => loadConfig({ EVENT_STORE: 'eventstoredb' })).toThrow(
      expect.objectContaining({ variable: 'EVENTSTORE_URL' }),
    );
  });

  it('takes an empty variable for a missing one', () => {
    expect(loadConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 4000, databaseUrl: null });
  });
});
