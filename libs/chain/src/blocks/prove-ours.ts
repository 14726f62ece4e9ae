import type { OurEvidence } from './fetch-ours.js';
import { BloomFilter } from './bloom.js';
import { type Discrepancy, isHashed, type Proven } from './prove-block.js';
import { problemOfTransactions } from './transactions-root.js';

/**
 * Holds against itself what a provider said of a block that was not read whole. That none of ours is in it is shown by its bloom
 * filter, which is shown by its hash; that logs given for our addresses are all of them by nothing.
 */
export function proveOurs({ block, logs, read }: OurEvidence): Proven | Discrepancy {
  const { header, transactions } = block;
  if (!isHashed(header)) return discrepancy('HEADER_HASH', 'its fields give another hash');
  const wrong = problemOfTransactions(transactions, header.fields['transactionsRoot']);
  if (wrong !== null) return discrepancy('TRANSACTIONS', wrong);
  const known = new Set(transactions.map(({ hash }) => hash));
  const bloom = new BloomFilter(header.logsBloom);
  let before = -1;
  for (const { address, blockHash, logIndex, removed, topics, txHash } of logs) {
    if (blockHash !== header.hash || removed)
      return discrepancy('FOREIGN_LOG', `log ${logIndex} is of block ${blockHash}`);
    if (logIndex <= before) return discrepancy('LOG_INDEX', `log ${logIndex} is there twice`);
    // Of a transaction that the chain does not list its header says nothing.
    if (known.has(txHash) && ![address, ...topics].every((value) => bloom.mayHave(value)))
      return discrepancy('BLOOM', `its bloom filter rules log ${logIndex} out`);
    before = logIndex;
  }
  return { outcome: 'PROVEN', proof: read === 'RULED_OUT' ? 'BLOOM' : 'NONE', logs };
}

function discrepancy(what: Discrepancy['what'], reason: string): Discrepancy {
  return { outcome: 'DISCREPANCY', what, reason };
}
