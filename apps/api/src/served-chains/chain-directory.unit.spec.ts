import { describe, expect, it } from '@jest/globals';
import { ChainDirectory } from './chain-directory.js';
import type { ServedChain } from './served-chain.js';

const chain = (chainId: number): ServedChain => ({
  chainId,
  finalityDepth: 5,
  tokenFactory: '0x5FbDB2315678afecb367f032d93F642f64180aa3',
  liquidityManager: '0xe7f1725E7734CE288F8367e1Bb143E90bb3F0512',
  forwarder: null,
  checkpoint: null,
  governance: null,
});

describe('the chain that a caller means', () => {
  const one = new ChainDirectory([chain(1)]);
  const two = new ChainDirectory([chain(1), chain(2)]);

  it('is the only one where they name none', () => {
    expect(one.meant(null).chainId).toBe(1);
    expect(one.meant(undefined).chainId).toBe(1);
  });

  it('has to be named where there are several, and the refusal names them', () => {
    expect(() => two.meant(null)).toThrow(
      expect.objectContaining({ code: 'CHAIN_REQUIRED', field: 'chainId', details: { chainIds: [1, 2] } }),
    );
    expect(two.meant(2).chainId).toBe(2);
  });

  it('is one of those that are served, and the refusal names them', () => {
    expect(() => two.meant(3)).toThrow(
      expect.objectContaining({ code: 'UNKNOWN_CHAIN', field: 'chainId', details: { chainIds: [1, 2] } }),
    );
  });
});
