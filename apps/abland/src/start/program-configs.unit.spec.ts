import { loadSystemConfig } from '@abland/platform';
import { describe, expect, it } from '@jest/globals';
import { programConfigs } from './program-configs.js';

const SECRETS = {
  jwtSecret: 'a secret of more than thirty-two characters',
  relayerPrivateKey: `0x${'1'.repeat(64)}`,
  masterKey: Buffer.alloc(32, 9).toString('base64'),
  logSigningKey: Buffer.alloc(32, 8).toString('base64'),
};
const system = loadSystemConfig({
  JWT_SECRET: SECRETS.jwtSecret,
  RELAYER_PRIVATE_KEY: SECRETS.relayerPrivateKey,
  LOG_SIGNING_KEY: SECRETS.logSigningKey,
});
const configs = programConfigs(system, { databaseUrl: 'postgres://embedded/abland', chains: [] }, [
  new Uint8Array(Buffer.from(SECRETS.masterKey, 'base64')),
]);
const textOf = (config: object): string =>
  JSON.stringify(config, (_key, value: unknown) =>
    value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
  );

describe('the programs that one command starts', () => {
  it.each([
    ['api', ['jwtSecret', 'masterKey']],
    ['indexer', []],
    ['projector', []],
    ['worker', ['relayerPrivateKey', 'logSigningKey']],
  ] as const)('give the %s no secrets but %j', (program, own) => {
    const text = textOf(configs[program]);
    const known = Object.entries(SECRETS).filter(([, secret]) => text.includes(secret));
    expect(known.map(([name]) => name)).toEqual(own);
  });

  it('work on the embedded database where no other is named', () => {
    const databaseUrl = 'postgres://embedded/abland';
    expect(configs.api).toMatchObject({
      databaseUrl,
      databaseReadUrl: databaseUrl,
      eventStoreUrl: databaseUrl,
    });
    expect(configs.worker).toMatchObject({ databaseUrl, personalKeysUrl: databaseUrl });
    expect(configs.projector).toMatchObject({ databaseUrl, eventStoreUrl: databaseUrl });
  });
});
