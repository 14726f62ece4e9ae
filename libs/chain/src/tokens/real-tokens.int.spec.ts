import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { developmentAccounts, forkEmbeddedChain, type ForkedChain } from '@abland/embedded/chain';
import { silentLogger } from '@abland/kernel';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AbiCoder, encodeBytes32String, getCreateAddress, Wallet } from 'ethers';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { CONTRACTS } from '../ingest/sample-logs.fixture.js';
import { ChainTokenDescriber } from './token-describer.js';

const hex = (value: number, bytes: number): string => value.toString(16).padStart(2 * bytes, '0');
/** A contract that is created with this code. */
const creationOf = (code: string): string =>
  `0x61${hex(code.length / 2, 2)}600e60003961${hex(code.length / 2, 2)}6000f3${code}`;
/** Returns these bytes to whatever it is asked: they follow its code. */
const returning = (data: string): string => {
  const bytes = data.slice(2);
  return `61${hex(bytes.length / 2, 2)}600e60003961${hex(bytes.length / 2, 2)}6000f3${bytes}`;
};
const MADE = {
  old: returning(encodeBytes32String('MKR')),
  text: returning(AbiCoder.defaultAbiCoder().encode(['string'], ['\u202eDSU'])),
  huge: returning(AbiCoder.defaultAbiCoder().encode(['string'], ['x'.repeat(20_000)])),
  reverting: '60006000fd',
  burning: '5b600056',
  invalid: 'fe',
};
const failed = { name: 'FAILED', symbol: 'FAILED', decimals: 'FAILED' };
const unanswered = { name: 'UNANSWERED', symbol: 'UNANSWERED', decimals: 'UNANSWERED' };

describe('contracts of a real EVM that are taken for tokens', () => {
  let dataDir: string;
  let chain: ForkedChain;
  let rpc: ChainRpc;
  let newest: number;
  const wallet = new Wallet(developmentAccounts()[3]?.privateKey ?? '');
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'abland-tokens-'));
    // In a process of its own: what it says of reverts is its own words, not those of the test's runner.
    chain = await forkEmbeddedChain({ dataDir, port: 0, emptyBlockEveryMs: 3_600_000 });
    rpc = new ChainRpc({ urls: [chain.rpcUrl], chainId: chain.chainId, logger: silentLogger });
    for (const [nonce, code] of Object.values(MADE).entries()) {
      const raw = await wallet.signTransaction({
        ...{ data: creationOf(code), nonce, chainId: chain.chainId, gasLimit: 8_000_000n, type: 2 },
        ...{ maxFeePerGas: 10n ** 11n, maxPriorityFeePerGas: 0n },
      });
      await rpc.request('eth_sendRawTransaction', raw);
    }
    newest = Number(await rpc.request('eth_blockNumber'));
  });
  afterAll(async () => {
    rpc.close();
    await chain.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  const describedAt = async (token: string, number = newest) => {
    const block = await rpc.request<{ hash: string }>(
      'eth_getBlockByNumber',
      `0x${number.toString(16)}`,
      false,
    );
    const at = { number, hash: block.hash };
    const [found] = await new ChainTokenDescriber(rpc, CONTRACTS, 60_000).describe([token], at);
    return found;
  };
  const described = (made: keyof typeof MADE, number?: number) =>
    describedAt(getCreateAddress({ from: wallet.address, nonce: Object.keys(MADE).indexOf(made) }), number);

  it('say what they say: 32 bytes, a text with marks of direction, one of 20,000 characters', async () => {
    expect(await described('old')).toMatchObject({ name: 'MKR', symbol: 'MKR', state: 'BLOCK' });
    expect(await described('text')).toMatchObject({ name: '\u202eDSU', symbol: '\u202eDSU' });
    expect(await described('huge')).toMatchObject({
      name: `${'x'.repeat(99)}…`,
      symbol: `${'x'.repeat(31)}…`,
    });
  });

  it.each(['reverting', 'burning', 'invalid'] as const)(
    'fail by themselves where their code is %s',
    async (made) => {
      expect(await described(made)).toMatchObject({ name: null, decimals: null, missing: failed });
      expect(rpc.status()).toMatchObject([{ asideMs: 0, fault: null }]);
    },
  );

  it('are not known to say nothing where one provider alone sees no code, as before the block that made them', async () => {
    expect(await describedAt(wallet.address)).toMatchObject({ missing: unanswered });
    expect(await described('old', newest - Object.keys(MADE).length)).toMatchObject({ missing: unanswered });
  });
});
