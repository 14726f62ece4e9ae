import { BlockReader, type ChainRpc, type DataFeeTold, type ProofWanted } from '@abland/chain';
import type { Logger } from '@abland/kernel';
import type { ChainConfig } from '@abland/platform';

/** Reads a chain's blocks, and proves them as its settings ask. */
export const blockReader = (rpc: ChainRpc, chain: ChainConfig, logger: Logger): BlockReader =>
  new BlockReader(rpc, chain.contracts, { logger, ...belief(chain) });

/** All that a block as it was read depends on: whoever reads by the same may read for another. */
export function readingOf(chain: ChainConfig): string {
  const { contracts, dataFee = 'DETECT', proof = null, quorum = 1 } = chain;
  return JSON.stringify({ format: FORMAT, contracts, dataFee, proof, quorum });
}

/** Raised where a version of ours reads of the same block something else. */
const FORMAT = 2;

/** More than is asked for is proved where nothing is: receipts of every block, wherever those can be had. */
function belief({ dataFee = 'DETECT', logs, proof, quorum = 1 }: ChainConfig): {
  readonly dataFee: DataFeeTold;
  readonly logs?: 'ALL' | 'OURS';
  readonly proof?: ProofWanted;
  readonly quorum: number;
} {
  const which = logs === undefined ? {} : { logs };
  if (proof === undefined) return { dataFee, quorum, ...which };
  return {
    dataFee,
    quorum,
    ...which,
    proof: { least: proof, receipts: proof === 'RECEIPTS' ? 'ALL' : 'NEWEST' },
  };
}
