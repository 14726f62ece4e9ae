import { setTimeout as sleep } from 'node:timers/promises';
import { silentLogger } from '@abland/kernel';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { AbiCoder, encodeBytes32String, id, zeroPadValue } from 'ethers';
import { ChainRpc } from '../rpc/chain-rpc.js';
import { type Answering, TestProvider } from '../rpc/json-rpc-server.fixture.js';
import { CONTRACTS } from '../ingest/sample-logs.fixture.js';
import { ChainTokenDescriber } from './token-describer.js';

const TOKEN = `0x${'d4'.repeat(20)}`;
const BLOCK = { number: 12, hash: `0x${'bb'.repeat(32)}` };
const encode = (type: string, value: unknown): string => AbiCoder.defaultAbiCoder().encode([type], [value]);
const TOLD = {
  name: encode('string', 'Dollar'),
  symbol: encode('string', 'USD'),
  decimals: encode('uint8', 6),
};
type Field = keyof typeof TOLD;
const FIELDS = new Map(
  (Object.keys(TOLD) as Field[]).map((field) => [id(`${field}()`).slice(0, 10), field] as const),
);
const NOTHING_MISSING = { name: null, symbol: null, decimals: null };
const DESCRIBED = {
  ...{ token: TOKEN, name: 'Dollar', symbol: 'USD', decimals: 6 },
  ...{ missing: NOTHING_MISSING, state: 'BLOCK' },
};
const UNANSWERED = { name: 'UNANSWERED', symbol: 'UNANSWERED', decimals: 'UNANSWERED' };

/** A node that answers calls of the token as given. */
const node =
  (answer: (field: Field, block: string) => unknown, hashAt = BLOCK.hash, code = '0x60'): Answering =>
  (method, params) => {
    if (method === 'eth_chainId') return '0x7';
    if (method === 'eth_getBlockByNumber') return { hash: hashAt };
    if (method === 'eth_getCode') return code;
    if (method !== 'eth_call') throw { code: -32601, message: 'Method not found' };
    const [{ data }, at] = params as [{ data: string }, string | { blockHash: string }];
    const field = FIELDS.get(data) ?? 'name';
    return answer(field, typeof at === 'string' ? at : at.blockHash);
  };
const word = (address: string): string => zeroPadValue(address, 32);
const manager = { address: CONTRACTS.liquidityManager.toLowerCase(), txHash: BLOCK.hash, logIndex: 0 };
const poolLog = (tokenA: string, tokenB: string) => ({
  ...manager,
  topics: [id('PoolCreated(address,address,bytes32)'), word(tokenA), word(tokenB), BLOCK.hash],
  data: '0x',
});
const swapLog = (tokenIn: string, tokenOut: string) => ({
  ...manager,
  topics: [id('Swap(address,bytes32,address,address,uint256,uint256)'), word(TOKEN), BLOCK.hash],
  data: AbiCoder.defaultAbiCoder().encode(
    ['address', 'address', 'uint256', 'uint256'],
    [tokenIn, tokenOut, 1n, 2n],
  ),
});
const told = (field: Field): unknown => TOLD[field];
const refusing = (code: number, message: string) => (): never => {
  throw { code, message };
};

describe('describing a token', () => {
  const providers: TestProvider[] = [];
  let rpc: ChainRpc;
  beforeEach(() => void providers.splice(0));
  afterEach(async () => {
    rpc.close();
    for (const provider of providers) await provider.stop();
  });

  async function describer(withinMs: number, ...nodes: readonly Answering[]): Promise<ChainTokenDescriber> {
    for (const answering of nodes) {
      const provider = new TestProvider(answering);
      await provider.start();
      providers.push(provider);
    }
    const urls = providers.map(({ url }) => url);
    rpc = new ChainRpc({ urls, chainId: 7, logger: silentLogger, timeoutMs: 60_000 });
    return new ChainTokenDescriber(rpc, CONTRACTS, withinMs);
  }
  async function describedBy(...nodes: readonly Answering[]) {
    const [described] = await (await describer(60_000, ...nodes)).describe([TOKEN], BLOCK);
    return described;
  }

  it('is for each token of a pool that is opened, and once for those that are traded', async () => {
    const [first, second, third] = ['1', '2', '3'].map((digit) => `0x${digit.repeat(40)}`) as [
      string,
      string,
      string,
    ];
    const one = await describer(60_000, node(told));
    const opening = poolLog(first, second);
    expect(one.tokensOf([opening, swapLog(first, second)])).toEqual([first, second]);
    expect(one.tokensOf([swapLog(first, second), swapLog(second, third), swapLog(third, first)])).toEqual([
      third,
    ]);
    expect(one.tokensOf([swapLog(first, third)])).toEqual([]);
    expect(one.tokensOf([opening, opening])).toEqual([first, second]);
    const another = await describer(60_000, node(told));
    expect(
      another.tokensOf([
        { ...swapLog(first, second), data: '0x' },
        { ...opening, topics: opening.topics.slice(0, 1) },
      ]),
    ).toEqual([]);
    expect(another.tokensOf([{ ...opening, address: first }, swapLog(third, first)])).toEqual([third, first]);
  });

  it('gives its name, symbol and decimals as of the state after the block', async () => {
    const blocks = new Set<string>();
    const found = await describedBy(
      node((field, block) => {
        blocks.add(block);
        return told(field);
      }),
    );
    expect(found).toEqual(DESCRIBED);
    expect([...blocks]).toEqual([BLOCK.hash]);
  });

  it('reads 32 bytes as text, as old tokens have it', async () => {
    const found = await describedBy(
      node((field) =>
        field === 'decimals' ? TOLD.decimals : encodeBytes32String(field === 'name' ? 'Maker' : 'MKR'),
      ),
    );
    expect(found).toEqual({ ...DESCRIBED, name: 'Maker', symbol: 'MKR' });
  });

  it.each([
    ['reverts', 3, 'execution reverted'],
    [
      'reverts, as Hardhat says it',
      -32603,
      'VM Exception while processing transaction: reverted with reason string "no"',
    ],
    [
      'reverts with words of a provider',
      -32000,
      'execution reverted: missing trie node, rate limit exceeded',
    ],
    ['burns all its gas', -32000, 'out of gas'],
    ['burns all its gas, as anvil says it', -32003, 'EVM error OutOfGas'],
    ['has no such instruction', -32000, 'invalid opcode: INVALID'],
    ['writes where it may not', -32000, 'write protection'],
  ])(
    'takes it for the answer of a token, which no other provider is asked for, that it %s',
    async (_, code, message) => {
      const found = await describedBy(
        node((field) => (field === 'symbol' ? refusing(code, message)() : told(field))),
        node(told),
      );
      expect(found).toEqual({
        ...DESCRIBED,
        symbol: null,
        missing: { ...NOTHING_MISSING, symbol: 'FAILED' },
      });
      expect(providers[1]?.calls).toEqual([]);
    },
  );

  it('tells why something is null: no code, or no such value', async () => {
    const found = await describedBy(
      node((field) => ({ name: '0x', symbol: '0x01', decimals: encode('uint256', 2n ** 200n) })[field]),
    );
    expect(found).toMatchObject({
      ...{ name: null, symbol: null, decimals: null },
      missing: { name: 'EMPTY', symbol: 'MALFORMED', decimals: 'MALFORMED' },
    });
  });

  it('takes nothing for its answer only where nobody tells more', async () => {
    const sick = node(() => '0x', BLOCK.hash, '0x');
    expect(await describedBy(sick, node(told))).toEqual(DESCRIBED);
    rpc.close();
    for (const provider of providers.splice(0)) await provider.stop();
    expect(
      await describedBy(
        node(() => '0x'),
        node(told),
      ),
    ).toEqual(DESCRIBED);
  });

  it('does not take the word of one provider alone for its having no code', async () => {
    const bare = node(() => '0x', BLOCK.hash, '0x');
    expect(await describedBy(bare)).toMatchObject({ missing: UNANSWERED });
    rpc.close();
    for (const provider of providers.splice(0)) await provider.stop();
    const nothing = { name: 'EMPTY', symbol: 'EMPTY', decimals: 'EMPTY' };
    expect(await describedBy(bare, bare)).toMatchObject({ missing: nothing });
  });

  it.each([
    ['null', () => null],
    ['what is no bytes', () => '0xzz'],
    ['an object', () => ({})],
    ['that it is busy', refusing(-32005, 'limit exceeded')],
    ['that it has no such method', refusing(-32601, 'the method eth_call does not exist')],
    ['that something is wrong with it', refusing(-32603, 'Internal error')],
    ['that it has no such block yet', refusing(-32000, 'header not found')],
  ])('asks the next provider where one answers %s, and sets nobody aside', async (_, answer) => {
    expect(await describedBy(node(answer), node(told))).toEqual(DESCRIBED);
    expect(rpc.status().map(({ asideMs, fault }) => ({ asideMs, fault }))).toEqual([
      { asideMs: 0, fault: null },
      { asideMs: 0, fault: null },
    ]);
  });

  it('asks another provider for what one did not answer alone', async () => {
    const asked: Field[] = [];
    const found = await describedBy(
      node((field) => (field === 'decimals' ? null : told(field))),
      node((field) => {
        asked.push(field);
        return told(field);
      }),
    );
    expect(found).toEqual(DESCRIBED);
    expect(asked).toEqual(['decimals']);
  });

  it('asks a provider that keeps old states before it asks for the newest one, and says which it was', async () => {
    const pruned = node((field, block) =>
      block === 'latest'
        ? encode('string', 'Newer') && told(field)
        : refusing(-32000, 'missing trie node 1234')(),
    );
    expect(await describedBy(pruned, node(told))).toEqual(DESCRIBED);
    rpc.close();
    for (const provider of providers.splice(0)) await provider.stop();
    expect(await describedBy(pruned, pruned)).toEqual({ ...DESCRIBED, state: 'NEWEST' });
  });

  it('asks by number where a provider takes no hash, and believes it where it has the block there', async () => {
    const byNumber = (hashAt: string) =>
      node(
        (field, block) =>
          block === '0xc' ? told(field) : refusing(-32602, 'invalid argument 1: cannot unmarshal object')(),
        hashAt,
      );
    expect(await describedBy(byNumber(BLOCK.hash))).toEqual(DESCRIBED);
    rpc.close();
    for (const provider of providers.splice(0)) await provider.stop();
    expect(await describedBy(byNumber(`0x${'cc'.repeat(32)}`))).toMatchObject({ missing: UNANSWERED });
  });

  it('asks nobody for the newest state but who has the block: another’s may lie before it', async () => {
    const behind = node((field, block) =>
      block === 'latest' ? '0x' : refusing(-32000, 'header not found')(),
    );
    const pruned = node((field, block) =>
      block === 'latest' ? told(field) : refusing(-32000, 'historical state is not available')(),
    );
    expect(await describedBy(behind, pruned)).toEqual({ ...DESCRIBED, state: 'NEWEST' });
  });

  it('says that nobody answered where nobody does, after a bounded time', async () => {
    const slow = await describer(150, node(told));
    for (const provider of providers) provider.deaf = true;
    const begun = slow.describe([TOKEN], BLOCK);
    const first = await Promise.race([begun, sleep(50_000, null, { ref: false })]);
    expect(first).toMatchObject([{ token: TOKEN, name: null, missing: UNANSWERED }]);
  });

  it('describes some of very many tokens of one block, and leaves the others for later', async () => {
    const tokens = Array.from({ length: 100 }, (_, index) => `0x${index.toString(16).padStart(40, '0')}`);
    const found = await (await describer(60_000, node(told))).describe(tokens, BLOCK);
    expect(found.map(({ token }) => token)).toEqual(tokens);
    expect(found.filter(({ name }) => name === 'Dollar')).toHaveLength(32);
    expect(found.at(-1)).toMatchObject({ missing: UNANSWERED });
  });
});
