import { describe, expect, it } from '@jest/globals';
import { Wallet } from 'ethers';
import { byPreference } from './by-preference.js';

const someone = (index: number): string =>
  new Wallet(`0x${(index + 1).toString(16).padStart(64, '0')}`).address;
const senders = Array.from({ length: 4 }, (_, index) => ({ relayer: someone(1_000 + index) }));
const signers = Array.from({ length: 60 }, (_, index) => someone(index));

describe('the order in which senders are given the requests of a signer', () => {
  it('is the same however the senders are named, and whichever of the others is gone', () => {
    for (const signer of signers) {
      const order = byPreference(signer, senders);
      expect(byPreference(signer.toLowerCase(), senders.toReversed())).toEqual(order);
      for (const gone of senders) {
        const left = senders.filter((sender) => sender !== gone);
        expect(byPreference(signer, left)).toEqual(order.filter((sender) => sender !== gone));
      }
    }
  });

  it('spreads many signers over all senders', () => {
    const firsts = signers.map((signer) => byPreference(signer, senders)[0]);
    for (const sender of senders)
      expect(firsts.filter((first) => first === sender).length).toBeGreaterThan(5);
  });
});
