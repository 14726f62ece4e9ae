import type { BlockProof, Hash } from '@abland/domain';
import type { Block, Header, Log, Receipt } from './answers.js';
import { logsBloom } from './bloom.js';
import { headerHash } from './header-hash.js';
import { isOfKnownType, receiptsRoot } from './receipts-root.js';
import { problemOfTransactions } from './transactions-root.js';
import { trieRoot } from './trie-root.js';

/** What one provider said of one block. */
export interface Evidence {
  readonly block: Block;
  /** All logs of the block, in any order. */
  readonly logs: readonly Log[];
  /** Null where they were not to be had. */
  readonly receipts: readonly Receipt[] | null;
}

export type Proven = {
  readonly outcome: 'PROVEN';
  /** What shows that no log is missing, and none was added. */
  readonly proof: BlockProof;
  /** In chain order. */
  readonly logs: readonly Log[];
};

/** What does not hold together in what one provider said. */
export type Discrepancy = {
  readonly outcome: 'DISCREPANCY';
  readonly what:
    | 'HEADER_HASH'
    | 'TRANSACTIONS'
    | 'FOREIGN_LOG'
    | 'UNROOTED_LOG'
    | 'UNKNOWN_TRANSACTION'
    | 'LOG_INDEX'
    | 'BLOOM'
    | 'RECEIPTS'
    | 'RECEIPTS_ROOT';
  readonly reason: string;
};

export interface ProofRules {
  /** Whether a header's hash must be that of its fields: on chains whose headers are of a kind that is known here. */
  readonly hashed: boolean;
  /** Less is no proof: NONE takes logs that the bloom filter contradicts, since some chains leave theirs empty. */
  readonly least: BlockProof;
}

const EMPTY_BLOOM = /^0x0*$/;
const RANK: Readonly<Record<BlockProof, number>> = { NONE: 0, BLOOM: 1, RECEIPTS: 2 };

/** Holds what a provider said of a block against itself. */
export function proveBlock(evidence: Evidence, rules: ProofRules): Proven | Discrepancy {
  const { block } = evidence;
  const { header, stateSync, transactions } = block;
  if (rules.hashed && !isHashed(header)) return discrepancy('HEADER_HASH', 'its fields give another hash');
  // Where a header's hash is that of its fields, so is its root that of its transactions.
  const wrong = rules.hashed ? problemOfTransactions(transactions, header.fields['transactionsRoot']) : null;
  if (wrong !== null) return discrepancy('TRANSACTIONS', wrong);
  const receipts = evidence.receipts?.filter(({ transactionHash }) => transactionHash !== stateSync) ?? null;
  const sorted = allLogs(evidence).toSorted((a, b) => a.logIndex - b.logIndex);
  // Where a header has the hash of the fields that are known here, no other field is one of it.
  const settles = !rules.hashed && settlesOthers(header);
  const root = receipts === null || settles ? null : receiptsRoot(receipts);
  const problem = problemOfReceipts(block, receipts, root, rules) ?? problemOf(block, sorted, rules);
  if (problem !== null) return problem;
  if (settles && rules.least !== 'NONE') return discrepancy('BLOOM', SETTLES);
  // Where anything is to be proved, a log of no transaction of the block was a problem already.
  const isUnrooted = settles || (rules.least === 'NONE' && hasUnrooted(block, sorted));
  const proof = isUnrooted ? 'NONE' : proofOf(header, sorted, root);
  if (RANK[proof] >= RANK[rules.least] || isSilent(header, sorted, rules))
    return { outcome: 'PROVEN', proof, logs: sorted };
  if (proof === 'NONE') return discrepancy('BLOOM', 'its bloom filter is not that of its logs');
  return discrepancy('RECEIPTS_ROOT', 'no receipts show that its logs are all');
}

/** What the receipts tell is taken, whatever was said of the logs; that of a state sync not every node gives. */
function allLogs({ block: { stateSync }, logs, receipts }: Evidence): readonly Log[] {
  if (receipts === null) return logs;
  const told = receipts.flatMap((receipt) => receipt.logs);
  if (stateSync === null || receipts.some(({ transactionHash }) => transactionHash === stateSync))
    return told;
  return [...told, ...logs.filter(({ txHash }) => txHash === stateSync)];
}

/** Whether a log is of a transaction that the header's roots and bloom filter do not cover. */
function hasUnrooted({ transactions }: Block, logs: readonly Log[]): boolean {
  const rooted = new Set(transactions.map(({ hash }) => hash));
  return logs.some(({ txHash }) => !rooted.has(txHash));
}

/** Whether a header has the hash that its own fields give. */
export function isHashed({ fields, hash }: Header): boolean {
  return headerHash(fields) === hash;
}

/**
 * Avalanche since Helicon (ACP-194): the bloom filter and the receipts' root in a header are of the earlier blocks that it settles, so
 * that nothing in it tells of its own logs.
 */
const settlesOthers = ({ fields }: Header): boolean => (fields['settledHeight'] ?? null) !== null;
const SETTLES =
  'its bloom filter and receipts root are of the blocks that it settles (ACP-194): such a chain is followed with proof none alone';

const UNROOTED =
  'which brings in what happened on another chain: its header does not vouch for that, and such a chain is followed with proof none alone';

/** Chains that make no trie of their receipts have the root of nothing in every header: Ethermint's and zkSync's. */
const ROOTS_OF_NOTHING: ReadonlySet<string> = new Set([trieRoot([]), `0x${'00'.repeat(32)}`]);

/** Whether a block has no log, and can have none: its bloom filter is empty, and its hash says that this is its bloom filter. */
function isSilent({ logsBloom: bloom }: Header, logs: readonly Log[], { hashed }: ProofRules): boolean {
  return hashed && logs.length === 0 && EMPTY_BLOOM.test(bloom);
}

function proofOf(header: Header, logs: readonly Log[], root: Hash | null): BlockProof {
  if (logsBloom(logs) !== header.logsBloom) return 'NONE';
  return root !== null && root === header.receiptsRoot ? 'RECEIPTS' : 'BLOOM';
}

/** Where nothing is to be proved, a log may be of a transaction that the chain lists nowhere: of Hyperliquid's own, say. */
function problemOf(
  { header, stateSync, transactions }: Block,
  sorted: readonly Log[],
  { least }: ProofRules,
): Discrepancy | null {
  const known = new Set(transactions.map(({ hash }) => hash));
  for (const [index, log] of sorted.entries()) {
    if (log.blockHash !== header.hash || log.removed)
      return discrepancy('FOREIGN_LOG', `log ${log.logIndex} is of block ${log.blockHash}`);
    if (least !== 'NONE' && !known.has(log.txHash))
      return log.txHash === stateSync
        ? discrepancy('UNROOTED_LOG', `log ${log.logIndex} is of its state sync, ${UNROOTED}`)
        : discrepancy('UNKNOWN_TRANSACTION', `log ${log.logIndex} is of ${log.txHash}, which is not in it`);
    if (log.logIndex !== index)
      return discrepancy(
        'LOG_INDEX',
        `log ${log.logIndex} comes where ${index} must: one is missing, or there twice`,
      );
  }
  return null;
}

function problemOfReceipts(
  { header, transactions }: Block,
  receipts: readonly Receipt[] | null,
  root: Hash | null,
  { hashed }: ProofRules,
): Discrepancy | null {
  if (receipts === null) return null;
  const inOrder = transactions.every(({ hash }, index) => {
    const receipt = receipts[index];
    return receipt?.transactionHash === hash && receipt.blockHash === header.hash;
  });
  if (receipts.length !== transactions.length || !inOrder)
    return discrepancy('RECEIPTS', 'its receipts are not those of its transactions');
  const told = header.receiptsRoot;
  if (root === null || told === null || root === told || !receipts.every(isOfKnownType)) return null;
  if (!hashed && ROOTS_OF_NOTHING.has(told)) return null;
  return discrepancy('RECEIPTS_ROOT', 'its receipts give another root');
}

function discrepancy(what: Discrepancy['what'], reason: string): Discrepancy {
  return { outcome: 'DISCREPANCY', what, reason };
}
