import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { fact } from '../testing/told-events.js';
import { forwarderProjection } from './projection.js';
import { forwarderNonces } from './tables.js';

const [ALICE, BOB] = ['a', 'b'].map((letter) => `0x${letter.repeat(40)}`) as [string, string];
const executed = (signer: string, nonce: number, block: number, success = true) =>
  fact('ForwardRequestExecuted', { signer, nonce: `${nonce}`, success }, { block });
const { given } = specify(forwarderProjection);

describe('the forwarder’s nonces', () => {
  it('go one on with each executed request of a signer, and are each signer’s own', () => {
    given(executed(ALICE, 0, 1), executed(BOB, 0, 1))
      .when(executed(ALICE, 1, 2))
      .then(
        forwarderNonces,
        { chain_id: 1, signer: ALICE, next_nonce: 2n, updated_block: 2 },
        { chain_id: 1, signer: BOB, next_nonce: 1n, updated_block: 1 },
      );
  });

  it('go on with a request that failed too: it is used up', () => {
    given()
      .when(executed(ALICE, 0, 1, false))
      .then(forwarderNonces, { next_nonce: 1n });
  });

  chainLaws(forwarderProjection, [executed(ALICE, 0, 1), executed(ALICE, 1, 2), executed(BOB, 0, 3)]);
});
