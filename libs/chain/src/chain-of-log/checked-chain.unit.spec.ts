import { afterEach, describe, expect, it } from '@jest/globals';
import { silentLogger, type Supervised } from '@abland/kernel';
import { until } from '@abland/testing/eventually';
import { checkedChain } from './checked-chain.js';

describe('the check of a chain', () => {
  let checked: Supervised | null = null;
  afterEach(() => checked?.stop());

  it('fails where the chain says nothing, however long whoever asks it would wait', async () => {
    let isSilent = false;
    const require = (): Promise<void> => (isSilent ? new Promise(() => undefined) : Promise.resolve());
    const open = require;
    const limits = { intervalMs: 10, limitMs: 50 };
    checked = await checkedChain({
      chainId: 7,
      isOnly: true,
      open,
      require,
      logger: silentLogger,
      ...limits,
    });
    await until(() => checked?.status().state === 'RUNNING');
    isSilent = true;
    await until(() => checked?.status().failure !== null);
    expect(checked.status()).toMatchObject({ failure: { code: 'TIME_LIMIT' } });
  });
});
