import { describe, expect, it } from '@jest/globals';
import { chains, embeddedChain, externalChains } from './chain-config.js';

const CHAIN = {
  CHAIN_RPC_URLS: 'http://one:8545, ws://two:8546',
  CHAIN_ID: '7',
  TOKEN_FACTORY_ADDRESS: `0x${'1'.repeat(40)}`,
  LIQUIDITY_MANAGER_ADDRESS: `0x${'2'.repeat(40)}`,
};
const GOVERNANCE = {
  GOVERNANCE_ADDRESS: `0x${'3'.repeat(40)}`,
  TIMELOCK_ADDRESS: `0x${'4'.repeat(40)}`,
  GOVERNANCE_TOKEN_ADDRESS: `0x${'5'.repeat(40)}`,
};
const refusal = (variable: string): unknown => expect.objectContaining({ code: 'CONFIG_INVALID', variable });

describe('the configuration of the chains', () => {
  it('tells of one chain what is needed to follow it', () => {
    expect(chains(CHAIN)).toEqual([
      {
        rpcUrls: ['http://one:8545', 'ws://two:8546'],
        chainId: 7,
        startBlock: 0,
        finalityDepth: 64,
        contracts: {
          tokenFactory: CHAIN.TOKEN_FACTORY_ADDRESS,
          liquidityManager: CHAIN.LIQUIDITY_MANAGER_ADDRESS,
          router: null,
          forwarder: null,
          checkpoint: null,
          governance: null,
        },
      },
    ]);
  });

  it.each(['CHAIN_RPC_URLS', 'CHAIN_ID', 'TOKEN_FACTORY_ADDRESS', 'LIQUIDITY_MANAGER_ADDRESS'] as const)(
    'asks for %s where a program has no embedded chain',
    (name) => {
      const { [name]: _left, ...others } = CHAIN;
      expect(() => chains(others)).toThrow(refusal(name));
    },
  );

  it('takes an address in one case or with the right checksum, and no other', () => {
    const right = '0x8ba1f109551bD432803012645Ac136ddd64DBA72';
    const checkpoint = (spelling: string): string | null | undefined =>
      chains({ ...CHAIN, CHECKPOINT_ADDRESS: spelling })[0]?.contracts.checkpoint;
    for (const spelling of [right, right.toLowerCase(), `0x${right.slice(2).toUpperCase()}`])
      expect(checkpoint(spelling)).toBe(right);
    for (const wrong of [right.replace('bD', 'Bd'), right.slice(0, -1)]) {
      expect(() => checkpoint(wrong)).toThrow(refusal('CHECKPOINT_ADDRESS'));
    }
  });

  it('refuses the zero address, and one address for two contracts', () => {
    const zero = `0x${'0'.repeat(40)}`;
    expect(() => chains({ ...CHAIN, TOKEN_FACTORY_ADDRESS: zero })).toThrow(refusal('TOKEN_FACTORY_ADDRESS'));
    const all = {
      ...CHAIN,
      ...GOVERNANCE,
      FORWARDER_ADDRESS: `0x${'6'.repeat(40)}`,
      CHECKPOINT_ADDRESS: `0x${'7'.repeat(40)}`,
    };
    expect(() => chains(all)).not.toThrow();
    for (const name of Object.keys(all).filter((key) => /_ADDRESS$/.test(key) && !/^TOKEN/.test(key))) {
      expect(() => chains({ ...all, [name]: CHAIN.TOKEN_FACTORY_ADDRESS })).toThrow(
        expect.objectContaining({ message: `${name} must be another address than TOKEN_FACTORY_ADDRESS` }),
      );
    }
  });

  it('takes the addresses of governance together or not at all', () => {
    for (const name of Object.keys(GOVERNANCE) as (keyof typeof GOVERNANCE)[]) {
      const { [name]: _left, ...others } = GOVERNANCE;
      expect(() => chains({ ...CHAIN, ...others })).toThrow(refusal(name));
    }
    expect(chains({ ...CHAIN, ...GOVERNANCE })[0]?.contracts.governance).toEqual({
      governor: GOVERNANCE.GOVERNANCE_ADDRESS,
      timelock: GOVERNANCE.TIMELOCK_ADDRESS,
      token: GOVERNANCE.GOVERNANCE_TOKEN_ADDRESS,
      clock: 'BLOCKS',
    });
  });

  it('knows what governance counts in, where there is one', () => {
    const clock = { GOVERNANCE_CLOCK: 'seconds' };
    expect(chains({ ...CHAIN, ...GOVERNANCE, ...clock })[0]?.contracts.governance?.clock).toBe('SECONDS');
    expect(() => chains({ ...CHAIN, ...clock })).toThrow(refusal('GOVERNANCE_ADDRESS'));
    expect(() => chains({ ...CHAIN, ...GOVERNANCE, GOVERNANCE_CLOCK: 'SECONDS' })).toThrow(
      refusal('GOVERNANCE_CLOCK'),
    );
  });

  it('knows what of providers is believed, and refuses more of them than there are', () => {
    expect(
      chains({ ...CHAIN, CHAIN_PROOF: 'receipts', CHAIN_LOGS: 'ours', CHAIN_QUORUM: '2' })[0],
    ).toMatchObject({
      ...{ proof: 'RECEIPTS', logs: 'OURS', quorum: 2 },
    });
    expect(() => chains({ ...CHAIN, CHAIN_QUORUM: '3' })).toThrow(refusal('CHAIN_QUORUM'));
    expect(() => chains({ ...CHAIN, CHAIN_PROOF: 'trust' })).toThrow(refusal('CHAIN_PROOF'));
    expect(() => chains({ ...CHAIN, CHAIN_LOGS: 'some' })).toThrow(refusal('CHAIN_LOGS'));
  });

  it('knows where receipts tell a data fee, and refuses what names no field', () => {
    const told = (text: string) => chains({ ...CHAIN, CHAIN_DATA_FEE: text })[0]?.dataFee;
    expect(['detect', 'none', 'wei:l1Fee', 'gas:gasUsedForL1'].map(told)).toEqual([
      ...['DETECT', 'NONE', { unit: 'WEI', field: 'l1Fee' }, { unit: 'GAS', field: 'gasUsedForL1' }],
    ]);
    for (const wrong of ['l1Fee', 'wei:', 'wei:a b', 'eth:l1Fee', 'DETECT'])
      expect(() => told(wrong)).toThrow(refusal('CHAIN_DATA_FEE'));
  });

  it('refuses one provider twice, which would agree with itself, in whatever spelling and without its key', () => {
    for (const twice of ['http://one:8545/', 'HTTP://One:8545'])
      expect(() =>
        chains({ ...CHAIN, CHAIN_RPC_URLS: `http://one:8545,ws://two,${twice}`, CHAIN_QUORUM: '2' }),
      ).toThrow(
        expect.objectContaining({ message: 'CHAIN_RPC_URLS must not name one provider twice: 3 is 1' }),
      );
    expect(chains({ ...CHAIN, CHAIN_RPC_URLS: 'http://one/v1,http://one/v2' })).toHaveLength(1);
  });

  it('refuses an id that no answer of the API can tell', () => {
    expect(chains({ ...CHAIN, CHAIN_ID: '2147483647' })).toHaveLength(1);
    expect(() => chains({ ...CHAIN, CHAIN_ID: '2147483648' })).toThrow(refusal('CHAIN_ID'));
  });

  it('leaves the embedded chain to itself where none is named', () => {
    expect(externalChains({ CHAIN_ID: '99', CHAIN_FINALITY_DEPTH: '3' })).toEqual([]);
    expect(embeddedChain({ CHAIN_ID: '99', CHAIN_FINALITY_DEPTH: '3' })).toEqual({
      port: 8545,
      chainId: 99,
      finalityDepth: 3,
    });
  });

  it.each([
    ['CHAIN_START_BLOCK', '0'],
    ['CHAIN_PROOF', 'bloom'],
    ['CHAIN_LOGS', 'all'],
    ['CHAIN_QUORUM', '1'],
    ['CHAIN_DATA_FEE', 'none'],
    ['FORWARDER_ADDRESS', CHAIN.TOKEN_FACTORY_ADDRESS],
    ['GOVERNANCE_CLOCK', 'blocks'],
  ])('refuses %s, which would say nothing of the embedded chain', (name, value) => {
    expect(() => externalChains({ [name]: value })).toThrow(refusal(name));
  });
});
