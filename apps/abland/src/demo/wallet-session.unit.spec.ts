import { describe, expect, it } from '@jest/globals';
import type { JsonRpcProvider } from 'ethers';
import type { ApiClient } from './api-client.js';
import { openWallet } from './wallet-session.js';

const poor = { getBalance: () => Promise.resolve(0n) } as unknown as JsonRpcProvider;
const KEY = `0x${'1'.repeat(64)}`;

describe('the wallet of the demo', () => {
  it.each([null, KEY])('says what is needed where nobody can pay for it (%s)', async (key) => {
    const opening = openWallet('run', poor, {} as ApiClient, key);
    await expect(opening).rejects.toMatchObject({
      code: 'DEMO_UNFUNDED',
      message: expect.stringMatching(/^0x[0-9a-fA-F]{40} has 0\.0 coins.*set DEMO_FUNDING_KEY/),
    });
    await expect(opening).rejects.not.toMatchObject({ message: expect.stringContaining(KEY) });
  });
});
