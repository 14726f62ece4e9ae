import { describe, expect, it } from '@jest/globals';
import { loadSystemConfig } from './system-config.js';

const production = {
  NODE_ENV: 'production',
  JWT_SECRET: 'a secret of more than thirty-two characters',
  RELAYER_PRIVATE_KEY: `0x${'1'.repeat(64)}`,
  PERSONAL_DATA_KEY: Buffer.alloc(32, 1).toString('base64'),
  LOG_SIGNING_KEY: Buffer.alloc(32, 3).toString('base64'),
};
/** Of a public development account. */
const BUILT_IN_KEY = '0x59C6995e998f97a5a0044966f0945389dc9e86dae88c7a8412f4603b6b78690D';

describe('the configuration of anchoring', () => {
  const key = (digit: string): string => `0x${digit.repeat(64)}`;
  const CHECKPOINT_ADDRESS = `0x${'7'.repeat(40)}`;
  const elsewhere = {
    ...{ ...production, DATABASE_URL: 'postgres://main/abland', CHAIN_RPC_URLS: 'http://one:8545' },
    ...{ CHAIN_ID: '7', TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}` },
    LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
  };
  const anchored = { ...elsewhere, CHECKPOINT_ADDRESS, ANCHOR_PRIVATE_KEY: key('a') };
  const refusal = (env: Record<string, string>): unknown => {
    try {
      return loadSystemConfig(env);
    } catch (error) {
      return error;
    }
  };

  it('has an account of its own where all is of one developer, and else the one that is given, or none', () => {
    const embedded = loadSystemConfig({});
    expect(embedded.anchoring).toMatchObject({ intervalMinutes: 60 });
    expect(embedded.anchoring?.privateKey).not.toBe(embedded.relayerPrivateKeys[0]);
    expect(loadSystemConfig(elsewhere).anchoring).toBeNull();
    expect(loadSystemConfig(production).anchoring).toBeNull();
    expect(loadSystemConfig({ ...anchored, ANCHOR_INTERVAL_MINUTES: '5' }).anchoring).toMatchObject({
      privateKey: key('a'),
      intervalMinutes: 5,
    });
  });

  it.each([
    ['without a contract to anchor in', { CHECKPOINT_ADDRESS: '' }, 'CHECKPOINT_ADDRESS'],
    ['that pays for relayed commands', { RELAYER_PRIVATE_KEY: key('A') }, 'must be another key'],
    ['that everybody has', { ANCHOR_PRIVATE_KEY: BUILT_IN_KEY }, 'public'],
    ['that is none', { ANCHOR_PRIVATE_KEY: '0x12' }, '64 hexadecimal digits'],
  ])('refuses a key %s, and does not say it', (_, more, problem) => {
    const error = refusal({ ...anchored, ...more });
    expect(error).toMatchObject({
      variable: 'ANCHOR_PRIVATE_KEY',
      message: expect.stringContaining(problem),
    });
    expect(String(error)).not.toContain(key('a').slice(2));
  });
});
