import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { chains, externalChains } from './chain-config.js';
import { chainsFileSchema } from './chains-file-format.js';
import { loadSystemConfig } from './system-config.js';

const address = (digit: string): string => `0x${digit.repeat(40)}`;
const CONTRACTS = { tokenFactory: address('1'), liquidityManager: address('2') };
const ONE = { id: 7, name: 'Seven', providers: ['http://one:8545'], contracts: CONTRACTS };
const TWO = { ...ONE, id: 8, name: 'Eight' };
const GOVERNANCE = { governor: address('3'), timelock: address('4'), token: address('5') };
const KEY = 'SECRETKEY0123456789abcdef';

describe('CHAINS_FILE', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'abland-chains-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (content: unknown, name = 'chains.json'): string => {
    const path = join(folder, name);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const load = (content: unknown, env: Record<string, string> = {}) =>
    chains({ ...env, CHAINS_FILE: write(content) });
  const loadSecond = (change: object, env: Record<string, string> = {}) =>
    load({ chains: [ONE, { ...TWO, ...change }] }, env);

  it('tells of each chain what is needed to follow it, the rest as it is usually', () => {
    expect(load({ chains: [ONE, TWO] })).toEqual(
      [ONE, TWO].map(({ id, name }, index) => ({
        ...{ name, path: `chains[${index}]`, rpcUrls: ONE.providers, chainId: id },
        ...{ startBlock: 0, finalityDepth: 64, quorum: 1 },
        contracts: { ...CONTRACTS, router: null, forwarder: null, checkpoint: null, governance: null },
      })),
    );
  });

  it('tells of each chain its own ways', () => {
    const governance = { ...GOVERNANCE, clock: 'seconds' };
    const contracts = { ...CONTRACTS, forwarder: address('6'), router: address('7'), governance };
    const proof = { proof: 'receipts', logs: 'ours' };
    const ways = { finality: { tag: 'safe' }, blockTimeMs: 250, ...proof, startBlock: 9, contracts };
    const budget = { requestsPerSecond: 25 };
    expect(
      loadSecond({ ...ways, ...budget, providers: ['http://one:8545', 'ws://two:8546'], quorum: 2 })[1],
    ).toMatchObject({
      ...{ finalityTag: 'SAFE', blockTimeMs: 250, proof: 'RECEIPTS', logs: 'OURS', startBlock: 9, quorum: 2 },
      ...budget,
      contracts: { router: address('7'), governance: { ...GOVERNANCE, clock: 'SECONDS' } },
    });
    const dataFees = ['detect', 'none', { wei: 'l1Fee' }, { gas: 'gasUsedForL1' }];
    expect(dataFees.map((dataFee) => loadSecond({ dataFee })[1]?.dataFee)).toEqual([
      ...[undefined, 'NONE', { unit: 'WEI', field: 'l1Fee' }, { unit: 'GAS', field: 'gasUsedForL1' }],
    ]);
    expect(loadSecond({ finality: { depth: 12 } })[1]).toMatchObject({ finalityDepth: 12 });
  });

  it.each<[string, object, string]>([
    ['an id that is no number', { id: '8' }, 'chains[1].id must be a number'],
    [
      'a data fee in two fields',
      { dataFee: { wei: 'a', gas: 'b' } },
      'chains[1].dataFee must be detect, none, or {"wei": field of a receipt} or {"gas": field of a receipt}',
    ],
    ['an id twice', { id: 7 }, 'chains[1].id is that of chains[0] too'],
    ['a name twice', { name: 'Seven' }, 'chains[1].name is that of chains[0] too'],
    ['no name', { name: undefined }, 'chains[1].name must be there'],
    [
      'a name that cannot be printed',
      { name: 'a\nb' },
      'chains[1].name must have 1 to 60 printable characters',
    ],
    ['no provider', { providers: [] }, 'chains[1].providers must name at least one'],
    [
      'one provider twice',
      { providers: ['http://a', 'http://a'] },
      'chains[1].providers[1] is that of providers[0] too',
    ],
    [
      'one provider in two spellings',
      { providers: ['http://a', 'HTTP://A:80/'] },
      'chains[1].providers[1] is that of providers[0] too',
    ],
    [
      'an id that no answer can tell',
      { id: 2 ** 31 },
      'chains[1].id must be a whole number from 1 to 2147483647',
    ],
    ['a provider that is no URL', { providers: ['ftp://a'] }, 'chains[1].providers[0] must be a URL with'],
    [
      'a provider of another shape',
      { providers: [{ path: 'x' }] },
      'chains[1].providers[0] must be a URL, or',
    ],
    [
      'no depth',
      { finality: { depth: 0 } },
      'chains[1].finality.depth must be a whole number from 1 to 100000',
    ],
    ['half a block', { finality: { depth: 1.5 } }, 'chains[1].finality.depth must be a whole number'],
    [
      'an unknown tag',
      { finality: { tag: 'latest' } },
      'chains[1].finality.tag must be one of safe, finalized',
    ],
    [
      'depth and tag',
      { finality: { depth: 5, tag: 'safe' } },
      'chains[1].finality must have either depth or tag',
    ],
    ['neither of them', { finality: {} }, 'chains[1].finality must have either depth or tag'],
    ['a negative start', { startBlock: -1 }, 'chains[1].startBlock must be a whole number from 0'],
    ['an unknown proof', { proof: 'trust' }, 'chains[1].proof must be one of none, bloom, receipts'],
    ['more agreement than providers', { quorum: 2 }, 'chains[1].quorum must be no more than its 1 providers'],
    [
      'no requests at all',
      { requestsPerSecond: 0 },
      'chains[1].requestsPerSecond must be a whole number from 1',
    ],
    ['no time between blocks', { blockTimeMs: 0 }, 'chains[1].blockTimeMs must be a whole number from 1'],
    ['an unknown key', { finalityDepth: 5 }, 'chains[1].finalityDepth is not known'],
    [
      'an unknown contract',
      { contracts: { ...CONTRACTS, tocken: address('3') } },
      'chains[1].contracts.tocken is not known',
    ],
    [
      'no manager',
      { contracts: { tokenFactory: address('1') } },
      'chains[1].contracts.liquidityManager must be there',
    ],
    [
      'one address for two contracts',
      { contracts: { ...CONTRACTS, governance: { ...GOVERNANCE, token: address('1') } } },
      'chains[1].contracts.governance.token must be another address than tokenFactory',
    ],
    [
      'half of governance',
      { contracts: { ...CONTRACTS, governance: { governor: address('3') } } },
      'chains[1].contracts.governance.timelock must be there',
    ],
    [
      'a wrong checksum',
      { contracts: { ...CONTRACTS, forwarder: '0x8ba1f109551Bd432803012645Ac136ddd64DBA72' } },
      'chains[1].contracts.forwarder has a wrong checksum',
    ],
  ])('refuses %s by its path in the file', (_, change, problem) => {
    expect(() => loadSecond(change)).toThrow(
      expect.objectContaining({
        ...{ code: 'CONFIG_INVALID', variable: 'CHAINS_FILE' },
        message: expect.stringContaining(`CHAINS_FILE: ${problem}`),
      }),
    );
  });

  it.each<[string, unknown, string]>([
    ['is no JSON', '{ chains: [] }', 'CHAINS_FILE must be JSON'],
    ['is no object', [], 'CHAINS_FILE: the file must be of type object'],
    ['names no chain', { chains: [] }, 'CHAINS_FILE: chains must have at least one'],
    ['has what is not known', { chains: [ONE], chain: TWO }, 'CHAINS_FILE: chain is not known'],
  ])('is refused where it %s', (_, content, problem) => {
    expect(() => load(content)).toThrow(
      expect.objectContaining({ message: expect.stringContaining(problem) }),
    );
  });

  it('is refused where it cannot be read', () => {
    expect(() => chains({ CHAINS_FILE: join(folder, 'absent.json') })).toThrow(
      'CHAINS_FILE cannot be read: ENOENT',
    );
  });

  it('is refused where it waits for a writer, never ends, or is far larger than such a file', () => {
    const large = join(folder, 'large.json');
    writeFileSync(large, ' '.repeat(2 ** 21));
    const pipe = join(folder, 'pipe.json');
    execFileSync('mkfifo', [pipe]);
    const problems = [pipe, '/dev/zero', folder, large].map((file) => {
      try {
        return chains({ CHAINS_FILE: file });
      } catch (error) {
        return (error as Error).message;
      }
    });
    const notRegular = 'CHAINS_FILE must be a regular file';
    const tooLarge = 'CHAINS_FILE must be of 1048576 bytes at most: it is of 2097152';
    expect(problems).toEqual([notRegular, notRegular, notRegular, tooLarge]);
  });

  it('leaves the keys of providers out: they are in a variable or a file that it names', () => {
    write(`https://two.example/${KEY}\n`, 'two.url');
    const providers = [{ env: 'SEVEN_RPC_URL' }, { file: 'two.url' }];
    expect(loadSecond({ providers }, { SEVEN_RPC_URL: `https://one.example/${KEY}` })[1]?.rpcUrls).toEqual([
      `https://one.example/${KEY}`,
      `https://two.example/${KEY}`,
    ]);
  });

  it.each<[string, object, string]>([
    ['that is not set', { env: 'ABSENT' }, 'chains[1].providers[0].env names ABSENT, which is not set'],
    [
      'that is another setting',
      { env: 'JWT_SECRET' },
      'chains[1].providers[0].env must be a variable of its own',
    ],
    ['that holds no URL', { env: 'BAD_URL' }, 'chains[1].providers[0].env must be a URL with'],
    ['in a file that is not there', { file: 'absent' }, 'chains[1].providers[0].file cannot be read: ENOENT'],
    ['in a file that holds no URL', { file: 'bad.url' }, 'chains[1].providers[0].file must be a URL with'],
  ])('refuses a URL %s, and does not say what it holds', (_, provider, problem) => {
    write(KEY, 'bad.url');
    const env = { BAD_URL: KEY, JWT_SECRET: KEY };
    const refused = (): unknown => loadSecond({ providers: [provider] }, env);
    expect(refused).toThrow(`CHAINS_FILE: ${problem}`);
    expect(refused).not.toThrow(KEY);
  });

  it.each([
    ['CHAIN_RPC_URLS', 'http://one:8545'],
    ['CHAIN_ID', '7'],
    ['CHAIN_FINALITY_DEPTH', '5'],
    ['CHAIN_START_BLOCK', '0'],
    ['CHAIN_QUORUM', '1'],
    ['TOKEN_FACTORY_ADDRESS', address('1')],
    ['GOVERNANCE_CLOCK', 'blocks'],
  ])('stands instead of %s, which is refused beside it', (variable, value) => {
    expect(() => load({ chains: [ONE] }, { [variable]: value })).toThrow(
      expect.objectContaining({
        variable,
        message: `${variable} says nothing beside CHAINS_FILE: set one of them`,
      }),
    );
  });

  it('stands instead of the embedded chain, and wants secrets that are not public', () => {
    const env = { CHAINS_FILE: write({ chains: [ONE, TWO] }), RELAYER_PRIVATE_KEY: `0x${'1'.repeat(64)}` };
    expect(externalChains(env)).toHaveLength(2);
    expect(() => loadSystemConfig(env)).toThrow('JWT_SECRET must be set when CHAINS_FILE is given');
    const told = { ...env, JWT_SECRET: 'a secret of more than thirty-two characters', CHAIN_PORT: '8545' };
    expect(() => loadSystemConfig(told)).toThrow('DATABASE_POOL_MAX must be 23 or more');
    const LOG_SIGNING_KEY = Buffer.alloc(32, 3).toString('base64');
    const whole = { ...told, LOG_SIGNING_KEY, DATABASE_POOL_MAX: '24' };
    expect(loadSystemConfig(whole).unheeded).toEqual(['CHAIN_PORT is set: the chain is that of CHAINS_FILE']);
  });

  it('has a schema for editors, which is that of the published file', () => {
    const published = new URL('../../../../schemas/chains-file.schema.json', import.meta.url);
    expect(JSON.parse(readFileSync(published, 'utf8'))).toEqual(
      JSON.parse(JSON.stringify(chainsFileSchema())),
    );
  });

  it('is as its example in the documentation', () => {
    const document = readFileSync(new URL('../../../../docs/configuration.md', import.meta.url), 'utf8');
    const [, example = ''] = /```json\n([\s\S]*?)```/.exec(document) ?? [];
    write('https://base.example/key', 'base.url');
    const env = { ETHEREUM_RPC_URL: 'https://ethereum.example/key' };
    expect(load(example.replace('/run/secrets/base.url', 'base.url'), env)).toHaveLength(2);
  });
});
