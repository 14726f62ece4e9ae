import { describe, it } from '@jest/globals';
import { chainLaws } from '../testing/chain-laws.js';
import { specify } from '../testing/specification.js';
import { blockHash, finalized, ingested, onChain, reverted, told } from '../testing/told-events.js';
import { chainHeadProjection } from './projection.js';
import { blocks, chainFinality, chainHeads } from './tables.js';

const { given } = specify(chainHeadProjection);

describe('the chain’s head', () => {
  it('is the newest block, with what proved it and how many providers gave it', () => {
    given(ingested(1, { proof: 'NONE' }))
      .when(ingested(2, { proof: 'RECEIPTS', providers: 3, facts: 5 }))
      .then(chainHeads, {
        chain_id: 1,
        number: 2,
        hash: blockHash(2),
        time: 20,
        proof: 'RECEIPTS',
        providers: 3,
      })
      .then(
        blocks,
        { chain_id: 1, number: 1, hash: blockHash(1), parent_hash: blockHash(0), time: 10, facts: 0 },
        { chain_id: 1, number: 2, hash: blockHash(2), parent_hash: blockHash(1), time: 20, facts: 5 },
      );
  });

  it('goes back with a reorg to the newest block that is left', () => {
    given(ingested(1), ingested(2), ingested(3))
      .when(reverted(2, 3))
      .then(chainHeads, { number: 1, hash: blockHash(1) })
      .then(blocks, { number: 1 });
  });

  it('tells up to where all is final, and never less than before', () => {
    given(ingested(1), ingested(2), finalized(2))
      .when(finalized(1))
      .then(chainFinality, { chain_id: 1, number: 2, hash: blockHash(2) });
    given(finalized(1))
      .when(finalized(2))
      .then(chainFinality, { number: 2, hash: blockHash(2) });
  });

  it('does not take finality back with a block above it, nor one chain’s for another’s', () => {
    given(ingested(1), ingested(2), finalized(1), onChain(2, finalized(5)))
      .when(reverted(2, 2))
      .then(chainFinality, { chain_id: 1, number: 1, hash: blockHash(1) }, { chain_id: 2, number: 5 })
      .then(chainHeads, { chain_id: 1, number: 1 });
  });

  it('takes finality back to the newest block that is left where final ones are taken back', () => {
    given(ingested(1), ingested(2), finalized(2), onChain(2, finalized(5)))
      .when(reverted(2, 2))
      .then(chainFinality, { chain_id: 1, number: 1, hash: blockHash(1) }, { chain_id: 2, number: 5 });
  });

  it('refuses a block that no chain’s stream tells of', () => {
    const { data, stream } = ingested(1);
    given()
      .when(told('BlockIngested', data as never, stream.replace('chain-', 'market-')))
      .thenRefused('A chain fact outside of a chain’s stream');
  });

  chainLaws(chainHeadProjection, [ingested(1), ingested(2), finalized(1), ingested(3)]);
});
