import { AblandError, type ChainReference } from '@abland/kernel';
import { quantity, readHeader, readReceipt, type Header, type Receipt } from '../blocks/answers.js';
import { encodeHeader } from '../blocks/header-hash.js';
import { keccakHash } from '../blocks/keccak.js';
import { encodeReceipts } from '../blocks/receipts-root.js';
import { trieProof, trieRoot } from '../blocks/trie-root.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { InconsistentBlockError, RpcResponseError } from '../rpc/errors.js';
import type { Provider } from '../rpc/provider.js';
import { type Fields, Reading } from '../rpc/reading.js';

/** Where a fact is on its chain. */
export type FactPlace = Pick<ChainReference, 'blockHash' | 'blockNumber' | 'txHash' | 'logIndex'>;

/** What proves that a log is in a block. All bytes as lower-case hexadecimal without a prefix. */
export interface ProvenReceipt {
  readonly header: string;
  /** Of the trie of receipts, from the root down. */
  readonly nodes: readonly string[];
  /** Which transaction of the block, from 0. */
  readonly transaction: number;
  /** Which log of its receipt, from 0. */
  readonly log: number;
}

/** A fact has no receipt that its block's header vouches for: it stands for no log, or the chain makes its headers otherwise. */
export class ReceiptUnprovableError extends AblandError {
  readonly code = 'RECEIPT_NOT_PROVABLE';
}

/** No provider gives the fact's block, or its receipts, any more: those of old blocks are kept by archives. */
export class ReceiptGoneError extends AblandError {
  readonly code = 'RECEIPT_NOT_THERE';
  override readonly failureClass = 'ANOTHER';
}

const ALL_RECEIPTS = 'eth_getBlockReceipts';
/** Of a block with more, whose receipts cannot be had together, each is not asked for by itself. */
const SINGLE_RECEIPTS_MAX = 2_000;
const BATCH_MAX = 50;

/**
 * Asks for the block of a fact and its receipts, and holds them against its hash: what a provider says is used only where it proves itself.
 * @throws ReceiptUnprovableError, ReceiptGoneError, RpcUnavailableError, MalformedAnswerError
 */
export function proveReceipt(rpc: Pick<ChainRpc, 'ask'>, place: FactPlace): Promise<ProvenReceipt> {
  const { logIndex, txHash } = place;
  if (txHash === null || logIndex === null)
    return Promise.reject(new ReceiptUnprovableError('The fact stands for no log', { ...place }));
  return rpc.ask((provider) => proveBy(provider, { ...place, txHash, logIndex }));
}

async function proveBy(
  provider: Provider,
  place: FactPlace & { readonly txHash: string; readonly logIndex: number },
): Promise<ProvenReceipt> {
  const { blockHash, logIndex, txHash } = place;
  const { header, hashes } = await blockOf(provider, place);
  const encoded = encodeHeader(header.fields);
  if (encoded === null || keccakHash(encoded) !== blockHash)
    throw new ReceiptUnprovableError('The header of the block is made otherwise than is known here', {
      blockHash,
    });
  const receipts = await receiptsOf(provider, place, hashes);
  const values = encodeReceipts(receipts);
  if (values === null || trieRoot(values) !== header.receiptsRoot)
    throw new InconsistentBlockError('The receipts do not have the root that the header says', { blockHash });
  const transaction = receipts.findIndex((receipt) => receipt.transactionHash === txHash);
  const log = receipts[transaction]?.logs.findIndex((one) => one.logIndex === logIndex) ?? -1;
  if (log === -1)
    throw new InconsistentBlockError('The block does not have the log', { blockHash, txHash, logIndex });
  const nodes = trieProof(values, transaction).map(hexOf);
  return { header: hexOf(encoded), nodes, transaction, log };
}

async function blockOf(
  provider: Provider,
  { blockHash }: FactPlace,
): Promise<{ readonly header: Header; readonly hashes: readonly string[] }> {
  const given = await provider.request('eth_getBlockByHash', blockHash, false);
  if (given === null) throw new ReceiptGoneError('The provider does not have the block', { blockHash });
  const reading = new Reading(provider.shownUrl, `block ${blockHash}`);
  const header = readHeader(reading, given);
  const listed = reading.list(header.fields['transactions'], 'transactions');
  return { header, hashes: listed.map((_, at) => reading.hash(listed as unknown as Fields, String(at))) };
}

async function receiptsOf(
  provider: Provider,
  { blockHash, blockNumber }: FactPlace,
  hashes: readonly string[],
): Promise<readonly Receipt[]> {
  const reading = new Reading(provider.shownUrl, `the receipts of block ${blockHash}`);
  const together = await allReceipts(provider, blockNumber);
  const given = together === null ? await eachReceipt(provider, hashes, blockHash) : reading.list(together);
  if (given.some((one) => one === null))
    throw new ReceiptGoneError('The provider does not have the receipts', { blockHash });
  const receipts = given.map((one) => readReceipt(reading, one));
  if (receipts.some((receipt) => receipt.blockHash !== blockHash))
    throw new ReceiptGoneError('The provider has another block in its place', { blockHash });
  return receipts.toSorted((one, other) => one.index - other.index);
}

/** Null where they are asked for one by one. */
async function allReceipts(provider: Provider, blockNumber: number): Promise<unknown> {
  if (!provider.has(ALL_RECEIPTS)) return null;
  try {
    return await provider.request(ALL_RECEIPTS, quantity(blockNumber));
  } catch (error) {
    if (!(error instanceof RpcResponseError)) throw error;
    return null;
  }
}

async function eachReceipt(
  provider: Provider,
  hashes: readonly string[],
  blockHash: string,
): Promise<readonly unknown[]> {
  if (hashes.length > SINGLE_RECEIPTS_MAX)
    throw new ReceiptGoneError('The provider does not give the receipts of a block together', { blockHash });
  const given: unknown[] = [];
  for (let from = 0; from < hashes.length; from += BATCH_MAX) {
    const asked = hashes.slice(from, from + BATCH_MAX);
    const requests = asked.map((hash) => ({ method: 'eth_getTransactionReceipt', params: [hash] }));
    given.push(...(await provider.batch(requests)));
  }
  return given;
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
