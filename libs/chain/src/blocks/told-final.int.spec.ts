import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { TestProvider } from '../rpc/json-rpc-server.fixture.js';
import { quantity } from './answers.js';
import { toldFinal } from './told-final.js';

const hashOf = (number: number): string => `0x${String(number).padStart(64, '0')}`;

/** What each provider says at a tag: a number of a block, null for none, or an error. */
type Said = number | null | { readonly code: number; readonly message: string };

describe('the block that a chain calls final', () => {
  let providers: readonly TestProvider[];
  let said: Said[];
  let rpc: ChainRpc;
  let tags: unknown[];

  beforeEach(async () => {
    tags = [];
    providers = [0, 1, 2].map(
      (index) =>
        new TestProvider((method, [tag]) => {
          if (method === 'eth_chainId') return '0x7';
          tags.push(tag);
          const answer = said[index] ?? null;
          if (typeof answer === 'object' && answer !== null) throw answer;
          return answer === null ? null : header(answer);
        }),
    );
    await Promise.all(providers.map((provider) => provider.start()));
    rpc = new ChainRpc({ urls: providers.map(({ url }) => url), chainId: 7, logger: silentLogger });
  });
  afterEach(async () => {
    rpc.close();
    await Promise.all(providers.map((provider) => provider.stop()));
  });

  const header = (number: number): object => ({
    ...{ number: quantity(number), hash: hashOf(number), parentHash: hashOf(number - 1) },
    ...{ timestamp: quantity(1_000 + number), logsBloom: `0x${'0'.repeat(512)}` },
  });
  const final = (quorum: number, tag: 'safe' | 'finalized' = 'finalized') => toldFinal(rpc, tag, quorum);

  it('is that of one provider where no more are asked for, at the tag that is meant', async () => {
    said = [8, 9, 10];
    expect(await final(1, 'safe')).toEqual({ number: 8, hash: hashOf(8), time: 1_008 });
    expect(tags).toEqual(['safe']);
  });

  it('is the newest that as many providers have reached as must agree', async () => {
    said = [1_000_000, 9, 7];
    expect(await final(2)).toMatchObject({ number: 9 });
    expect(await final(3)).toMatchObject({ number: 7 });
  });

  it('is none where the chain has none yet, or too few tell one', async () => {
    said = [null, { code: -39_001, message: 'finalized block not found' }, 7];
    expect(await final(1)).toBeNull();
    expect(await final(2)).toBeNull();
  });
});
