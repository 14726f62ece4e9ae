import type { BlockProof } from '@abland/domain';
import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { id, zeroPadValue } from 'ethers';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { TestProvider } from '../rpc/json-rpc-server.fixture.js';
import { BlockReader, type BlockReaderOptions } from './block-reader.js';
import type { ChainBlock, FollowedContracts } from './chain-block.js';
import type { Json, MadeLog } from './made-blocks.fixture.js';
import { MADE_CHAIN_ID, MadeChain, transfer } from './made-chain.fixture.js';

const FACTORY = `0x${'a1'.repeat(20)}`;
const [TOKEN, NEW_TOKEN] = [`0x${'c3'.repeat(20)}`, `0x${'c4'.repeat(20)}`];
const CONTRACTS: FollowedContracts = {
  ...{ tokenFactory: FACTORY, liquidityManager: `0x${'b2'.repeat(20)}` },
  ...{ forwarder: null, governance: null, checkpoint: null },
};
const creation = (token: string): MadeLog => ({
  address: FACTORY,
  topics: [id('TokenCreated(address,address,string,string,uint256)'), zeroPadValue(token, 32), id('creator')],
  data: '0x',
});
/** Of strangers, whose addresses have bits of a bloom filter of their own. */
const foreign = (salt: number, count = 3): MadeLog[] =>
  Array.from({ length: count }, (_, index) => transfer(`0x${id(`${salt} ${index}`).slice(2, 42)}`));

describe('a chain where few blocks have logs of ours', () => {
  let chain: MadeChain;
  let provider: TestProvider;
  let rpc: ChainRpc | null = null;
  /** Numbers of the blocks whose receipts were asked for. */
  let receiptsOf: number[];
  let filters: Json[];
  let spoil: (method: string, result: unknown) => unknown;

  beforeEach(async () => {
    [receiptsOf, filters, spoil] = [[], [], (_, result) => result];
    chain = new MadeChain();
    for (let number = 0; number < 12; number += 1) {
      if (number === 3) chain.add([foreign(number), [transfer(TOKEN)]]);
      else if (number === 6) chain.add([[transfer(NEW_TOKEN), creation(NEW_TOKEN)], foreign(number)]);
      else if (number === 9) chain.add([foreign(number), [transfer(NEW_TOKEN)]]);
      else chain.add([foreign(number)]);
    }
    provider = new TestProvider((method, params) => {
      if (method === 'eth_getBlockReceipts') receiptsOf.push(Number(params[0]));
      if (method === 'eth_getLogs') filters.push(params[0] as Json);
      return spoil(method, chain.answer(method, params));
    });
    await provider.start();
  });
  afterEach(async () => {
    rpc?.close();
    await provider.stop();
  });

  function open(logs: 'ALL' | 'OURS' | null, least: BlockProof = 'BLOOM'): BlockReader {
    rpc?.close();
    rpc = new ChainRpc({
      urls: [provider.url],
      chainId: MADE_CHAIN_ID,
      timeoutMs: 60_000,
      logger: silentLogger,
    });
    const options: BlockReaderOptions = { logger: silentLogger, proof: { least, receipts: 'ALL' } };
    return new BlockReader(rpc, CONTRACTS, logs === null ? options : { ...options, logs });
  }
  async function read(
    reader: BlockReader,
    tokens: readonly string[] = [TOKEN],
  ): Promise<readonly ChainBlock[]> {
    const { number } = await reader.head();
    return reader.blocks(0, number, new Set(tokens));
  }
  const ours = ({ logs }: ChainBlock): number[] =>
    logs
      .filter(({ address }) => [FACTORY, TOKEN, NEW_TOKEN].includes(address))
      .map(({ logIndex }) => logIndex);
  const logsOf = (blocks: readonly ChainBlock[]): object => {
    const found = blocks.map((block) => [block.number, ours(block)] as const);
    return Object.fromEntries(found.filter(([, logs]) => logs.length > 0));
  };
  const EXPECTED = { 3: [3], 6: [0, 1], 9: [3] };

  it('is read whole only where a bloom filter does not rule ours out, and tokens that are created on the way are ours', async () => {
    const blocks = await read(open('OURS'));
    expect(logsOf(blocks)).toEqual(EXPECTED);
    expect(receiptsOf.toSorted((a, b) => a - b)).toEqual([3, 6, 9]);
    expect(blocks.map(({ proof }) => (proof === 'RECEIPTS' ? 'R' : proof)).join(' ')).toBe(
      'BLOOM BLOOM BLOOM R BLOOM BLOOM R BLOOM BLOOM R BLOOM BLOOM',
    );
    receiptsOf = [];
    expect(logsOf(await read(open('ALL')))).toEqual(EXPECTED);
    expect(receiptsOf).toHaveLength(12);
  });

  it('is told of a transaction of ours that was reverted by all receipts of its block, whatever is said of one', async () => {
    chain.addSilent(FACTORY);
    const succeeded = (receipt: Json): Json => ({ ...receipt, status: '0x1' });
    spoil = (method, result) => (method === 'eth_getTransactionReceipt' ? succeeded(result as Json) : result);
    expect((await read(open('OURS'))).at(-1)?.failures).toMatchObject([{ to: FACTORY }]);
    spoil = (method, result) =>
      method === 'eth_getBlockReceipts' ? (result as Json[]).map(succeeded) : result;
    await expect(read(open('OURS'))).rejects.toMatchObject({ code: 'CHAIN_DATA_INCONSISTENT' });
  });

  it('is proved by receipts where nothing less is taken', async () => {
    expect(logsOf(await read(open('OURS', 'RECEIPTS')))).toEqual(EXPECTED);
    chain.lacks.add('eth_getBlockReceipts');
    chain.lacks.add('eth_getTransactionReceipt');
    await expect(read(open('OURS', 'RECEIPTS'))).rejects.toMatchObject({ code: 'CHAIN_DATA_INCONSISTENT' });
  });

  it('is believed by address alone where nothing need be proved', async () => {
    const blocks = await read(open('OURS', 'NONE'), [TOKEN, NEW_TOKEN]);
    expect(logsOf(blocks)).toEqual(EXPECTED);
    expect(receiptsOf).toEqual([]);
    expect(filters).toEqual([
      { fromBlock: '0x3', toBlock: '0x9', address: [FACTORY, CONTRACTS.liquidityManager, TOKEN, NEW_TOKEN] },
    ]);
    expect([blocks[3]?.proof, blocks[4]?.proof]).toEqual(['NONE', 'BLOOM']);
    expect(logsOf(await read(open('OURS', 'NONE'), [TOKEN]))).toEqual(EXPECTED);
  });

  it.each<[string, (method: string, result: unknown) => unknown]>([
    [
      'a filter that rules ours out, of another hash',
      (method, result) =>
        method === 'eth_getBlockByNumber'
          ? { ...(result as Json), logsBloom: `0x${'00'.repeat(256)}` }
          : result,
    ],
    [
      'no receipts and no logs of ours',
      (method, result) => (method === 'eth_getLogs' ? [] : method === 'eth_getBlockReceipts' ? null : result),
    ],
  ])('is not believed with %s', async (_, spoiled) => {
    const reader = open('OURS');
    await reader.head();
    spoil = spoiled;
    await expect(reader.blocks(0, 11, new Set([TOKEN]))).rejects.toMatchObject({ code: expect.any(String) });
  });

  it('says of each block that was not read whole by what later tokens can be looked for', async () => {
    const blocks = await open('OURS')
      .head()
      .then(() => read(open('OURS'), [TOKEN, NEW_TOKEN]));
    expect(blocks.map(({ unread }) => unread?.tokensKnown ?? null)).toEqual([
      ...[2, 2, 2, null, 2, 2, null, 2, 2, null, 2, 2],
    ]);
    expect(blocks[4]?.unread?.bloom).toBe(chain.blocks[4]?.header['logsBloom']);
  });

  it('is read whole where nobody says which tokens are followed', async () => {
    const reader = open('OURS');
    await reader.head();
    expect(logsOf(await reader.blocks(0, 11))).toEqual(EXPECTED);
    expect(receiptsOf).toHaveLength(12);
  });

  it('is found to be one by what its blocks have', async () => {
    for (let number = 12; number < 70; number += 1) chain.add([foreign(number, 25)]);
    const reader = open(null);
    await reader.head();
    await reader.blocks(0, 69, new Set([TOKEN]));
    expect(new Set(receiptsOf).size).toBe(70);
    receiptsOf = [];
    expect(logsOf(await reader.blocks(0, 69, new Set([TOKEN])))).toEqual(EXPECTED);
    expect(receiptsOf.length).toBeLessThan(20);
    receiptsOf = [];
    await reader.blocks(69, 69, new Set([TOKEN]));
    expect(receiptsOf).toEqual([69]); // near the head nothing is asked twice
  });
});
