import { AblandError } from '@abland/kernel';

/** A message does not continue what was ingested: the log stream lost or reordered some. Nothing was appended for it. */
export class MessageOutOfOrderError extends AblandError {
  readonly code = 'CHAIN_MESSAGE_OUT_OF_ORDER';
}

/**
 * A message of the log stream cannot be read, and the next does not go on without it: it told a block, or a reorg. Nothing was
 * appended. Once this program is of the version that wrote it, or the topic was emptied and the indexer published anew, it goes on.
 */
export class MessageUnreadableError extends AblandError {
  readonly code = 'CHAIN_MESSAGE_UNREADABLE';
}

/** The log ends within a block that the log stream no longer has. */
export class PartialBlockError extends AblandError {
  readonly code = 'CHAIN_BLOCK_PARTIAL';
}

/**
 * The blocks have logs of contracts that this program is not told of: their facts would be lost. It must be given the same
 * addresses as the indexer.
 */
export class UnknownContractsError extends AblandError {
  readonly code = 'CONTRACTS_UNKNOWN';
}

/** A block was told in parts of which the log stream lost some. Nothing was appended for it. */
export class BlockPartsMissingError extends AblandError {
  readonly code = 'CHAIN_BLOCK_PARTS_MISSING';
}
