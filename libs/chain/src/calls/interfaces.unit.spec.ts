import { describe, expect, it } from '@jest/globals';
import type { Interface } from 'ethers';
import { ABForwarder__factory } from '../contracts/generated/factories/ABForwarder__factory.gen.js';
import { ABLiquidityManager__factory } from '../contracts/generated/factories/ABLiquidityManager__factory.gen.js';
import { ABToken__factory } from '../contracts/generated/factories/ABToken__factory.gen.js';
import { ABTokenFactory__factory } from '../contracts/generated/factories/ABTokenFactory__factory.gen.js';
import { FORWARDER_CALLS, LIQUIDITY_MANAGER_CALLS, TOKEN_CALLS, TOKEN_FACTORY_CALLS } from './interfaces.js';

describe('functions that commands call', () => {
  it.each<[string, Interface, Interface]>([
    ['token factory', TOKEN_FACTORY_CALLS, ABTokenFactory__factory.createInterface()],
    ['liquidity manager', LIQUIDITY_MANAGER_CALLS, ABLiquidityManager__factory.createInterface()],
    ['token', TOKEN_CALLS, ABToken__factory.createInterface()],
    ['forwarder', FORWARDER_CALLS, ABForwarder__factory.createInterface()],
  ])('of the %s are those of the compiled contract', (_, calls, compiled) => {
    let compared = 0;
    calls.forEachFunction((called) => {
      const found = compiled.getFunction(called.selector);
      expect(found?.format('sighash')).toBe(called.format('sighash'));
      expect(found?.payable).toBe(called.payable);
      compared += 1;
    });
    expect(compared).toBeGreaterThan(0);
  });
});
