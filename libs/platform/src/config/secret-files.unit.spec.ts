import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { loadApiConfig, loadWorkerConfig } from './program-configs.js';
import { isGiven, SECRET_VARIABLES } from './secret-files.js';
import { loadMigrationConfig } from './system-config.js';
import { type Environment, isVariable, read } from './variables.js';

const SECRET = 'a secret of more than thirty-two characters';

describe('a secret in a file', () => {
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'abland-secrets-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const file = (text: string, name = 'secret'): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('is read without the end of its line, and no more is taken from it', () => {
    for (const end of ['', '\n', '\r\n'])
      expect(read({ JWT_SECRET_FILE: file(`${SECRET}${end}`) }, 'JWT_SECRET')).toBe(SECRET);
    expect(read({ KAFKA_SASL_PASSWORD_FILE: file(' of blanks \n\n') }, 'KAFKA_SASL_PASSWORD')).toBe(
      ' of blanks \n',
    );
  });

  it('configures a program as one in the environment does', () => {
    const env = {
      CHAIN_ID: '7',
      TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
      LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
      REDIS_URL: 'redis://cache:6379',
    };
    const secrets = {
      CHAIN_RPC_URLS: 'http://one:8545,http://two:8545',
      DATABASE_URL: 'postgres://u:p@main/abland',
      JWT_SECRET: SECRET,
      PERSONAL_DATA_KEY: Buffer.alloc(32, 1).toString('base64'),
      RELAYER_PRIVATE_KEYS: `0x${'1'.repeat(64)},0x${'2'.repeat(64)}`,
      LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
    };
    const files = Object.fromEntries(
      Object.entries(secrets).map(([name, text]) => [`${name}_FILE`, file(`${text}\n`, name)]),
    );
    for (const load of [loadApiConfig, loadWorkerConfig, loadMigrationConfig])
      expect(load({ ...env, ...files })).toEqual(load({ ...env, ...secrets }));
  });

  it.each([
    [
      'beside the variable itself',
      () => ({ JWT_SECRET: SECRET, JWT_SECRET_FILE: file(SECRET) }),
      /^JWT_SECRET_FILE must not be given beside JWT_SECRET/,
    ],
    [
      'that is not there',
      () => ({ JWT_SECRET_FILE: join(folder, 'none') }),
      /^JWT_SECRET_FILE must name a file .*: cannot be read: ENOENT$/,
    ],
    [
      'that is a folder',
      () => ({ JWT_SECRET_FILE: folder }),
      /^JWT_SECRET_FILE must name a file .*: must be a regular file$/,
    ],
    [
      'that is empty',
      () => ({ JWT_SECRET_FILE: file('\n') }),
      /^JWT_SECRET_FILE must name a file .*: it is empty$/,
    ],
    ['whose secret is none', () => ({ JWT_SECRET_FILE: file('short\n') }), /^JWT_SECRET_FILE (?!.*short)/],
  ])('is refused by name %s', (_, env: () => Environment, message) => {
    expect(() => read(env(), 'JWT_SECRET')).toThrow(message);
  });

  it('is as much as the variable itself where it counts that one is given', () => {
    expect(isGiven({ DATABASE_URL_FILE: '/run/secrets/database' }, 'DATABASE_URL')).toBe(true);
    expect(isGiven({ DATABASE_URL_FILE: '' }, 'DATABASE_URL')).toBe(false);
    const env = { DATABASE_URL_FILE: file('postgres://main/abland') };
    expect(() =>
      loadWorkerConfig({
        ...env,
        CHAIN_RPC_URLS: 'http://one:8545',
        CHAIN_ID: '7',
        TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
        LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
      }),
    ).toThrow(/RELAYER_PRIVATE_KEY must be set when DATABASE_URL is given/);
  });

  it('stays as it was read first, whatever becomes of the file', () => {
    const env = { DATABASE_URL_FILE: file('postgres://main/first') };
    expect(read(env, 'DATABASE_URL')).toBe('postgres://main/first');
    file('postgres://main/second');
    expect(read(env, 'DATABASE_URL')).toBe('postgres://main/first');
  });

  it('is of what holds a secret alone', () => {
    expect(read({ CHAIN_ID_FILE: file('7') }, 'CHAIN_ID')).toBeUndefined();
    for (const name of SECRET_VARIABLES)
      if (name !== 'DEPLOYER_PRIVATE_KEY') expect(isVariable(name)).toBe(true);
  });
});
