import { describe, expect, it } from '@jest/globals';
import { getAddress, hexlify } from 'ethers';
import fc from 'fast-check';
import { INTERFACES } from '../contracts/interfaces.js';
import type { FollowedContracts } from '../blocks/chain-block.js';
import { contractAt, describeCall } from './describe-call.js';

const at = (byte: string): string => getAddress(`0x${byte.repeat(20)}`);
const CONTRACTS = {
  tokenFactory: at('a1'),
  liquidityManager: at('b2'),
  forwarder: at('c3'),
  checkpoint: at('17'),
  governance: { governor: at('d4'), timelock: at('e5'), token: at('f6'), clock: 'BLOCKS' },
} as const satisfies FollowedContracts;
const manager = INTERFACES.ABLiquidityManager;
const setSwapFee = manager.encodeFunctionData('setSwapFee', [25n]);

describe('a call of a contract of ours', () => {
  it('is told with its arguments', () => {
    expect(describeCall('ABLiquidityManager', setSwapFee)).toEqual({
      contract: 'ABLiquidityManager',
      function: 'setSwapFee',
      signature: 'setSwapFee(uint256)',
      arguments: [{ name: expect.any(String), type: 'uint256', value: '25' }],
      text: 'ABLiquidityManager.setSwapFee(25)',
    });
  });

  it('quotes texts, so that one cannot look like further arguments', () => {
    const factory = INTERFACES.ABTokenFactory;
    const data = factory.encodeFunctionData('createToken', ['a", 1, "b', 'SYM', 5n, 6, 'ipfs://x']);
    const call = describeCall('ABTokenFactory', data);
    expect(call?.text).toBe(String.raw`ABTokenFactory.createToken("a\", 1, \"b", "SYM", 5, 6, "ipfs://x")`);
    expect(call?.arguments[0]).toMatchObject({ type: 'string', value: 'a", 1, "b' });
  });

  it('shows lists, also of texts and inside of each other', () => {
    const governance = INTERFACES.ABGovernance;
    const data = governance.encodeFunctionData('propose', [[at('b2')], [0n], [setSwapFee], 'why, oh']);
    expect(describeCall('ABGovernance', data)?.text).toBe(
      `ABGovernance.propose([${at('b2')}], [0], [${setSwapFee}], "why, oh")`,
    );
  });

  it.each([
    ['of another contract', 'ABTokenFactory', setSwapFee],
    ['that is cut', 'ABLiquidityManager', setSwapFee.slice(0, -2)],
    ['with bytes behind it', 'ABLiquidityManager', `${setSwapFee}00`],
    ['without a selector', 'ABLiquidityManager', '0x12'],
    ['that is empty', 'ABLiquidityManager', '0x'],
  ] as const)('%s is not told', (_, contract, calldata) => {
    expect(describeCall(contract, calldata)).toBeNull();
  });

  it('never fails, whatever the bytes are', () => {
    const selectors: string[] = [];
    INTERFACES.ABTokenFactory.forEachFunction(({ selector }) => selectors.push(selector));
    fc.assert(
      fc.property(fc.constantFrom(...selectors), fc.uint8Array({ maxLength: 300 }), (selector, rest) => {
        describeCall('ABTokenFactory', selector + hexlify(rest).slice(2));
      }),
    );
  });
});

describe('the contract at an address', () => {
  it('is known whatever the case of the address', () => {
    const { governance } = CONTRACTS;
    expect(contractAt(CONTRACTS, CONTRACTS.liquidityManager.toLowerCase())).toBe('ABLiquidityManager');
    expect(contractAt(CONTRACTS, CONTRACTS.tokenFactory)).toBe('ABTokenFactory');
    expect(contractAt(CONTRACTS, CONTRACTS.forwarder)).toBe('ABForwarder');
    expect(contractAt(CONTRACTS, governance.governor)).toBe('ABGovernance');
    expect(contractAt(CONTRACTS, governance.timelock)).toBe('ABTimelock');
    expect(contractAt(CONTRACTS, governance.token)).toBe('ABToken');
    expect(contractAt(CONTRACTS, CONTRACTS.checkpoint)).toBe('ABCheckpoint');
    expect(contractAt(CONTRACTS, at('07'))).toBeNull();
    expect(contractAt({ ...CONTRACTS, forwarder: null, governance: null }, governance.governor)).toBeNull();
  });
});
