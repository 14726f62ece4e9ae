import { chainIdOf } from '../engine/chain-facts.js';
import { type Projection, rowOf } from '../engine/projection.js';
import { blocks, chainFinality, chainHeads } from './tables.js';

export const chainHeadProjection: Projection = {
  name: 'chain-head',
  version: 2,
  tables: [chainHeads, blocks, chainFinality],
  handlers: {
    BlockIngested: {
      reads: (event) => [rowOf(chainHeads, { chain_id: chainIdOf(event) })],
      apply: (event, rows) => {
        const { number, hash, parentHash, time, facts, proof, providers } = event.data;
        const chain_id = chainIdOf(event);
        rows.put(chainHeads, { chain_id, number, hash, time, proof, providers });
        rows.insert(blocks, { chain_id, number, hash, parent_hash: parentHash, time, facts });
      },
    },
    BlocksFinalized: {
      reads: (event) => [rowOf(chainFinality, { chain_id: chainIdOf(event) })],
      apply: (event, rows) => {
        const { number, hash } = event.data;
        const chain_id = chainIdOf(event);
        if (number < (rows.get(chainFinality, { chain_id })?.number ?? 0)) return;
        rows.put(chainFinality, { chain_id, number, hash });
      },
    },
    // Final blocks are taken back where an operator accepted another branch.
    BlocksReverted: {
      reads: (event) => [rowOf(chainFinality, { chain_id: chainIdOf(event) })],
      apply: (event, rows) => {
        const { ancestor } = event.data;
        const chain_id = chainIdOf(event);
        if ((rows.get(chainFinality, { chain_id })?.number ?? 0) <= ancestor.number) return;
        rows.put(chainFinality, { chain_id, number: ancestor.number, hash: ancestor.hash });
      },
    },
  },
};
