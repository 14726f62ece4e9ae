import { Slices } from '@abland/kernel';
import { RpcResponseError } from '../rpc/errors.js';
import type { RpcRequest } from '../rpc/json-rpc.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import { type Block, type Log, quantity, readBlock, readLog, readReceipt, type Receipt } from './answers.js';
import type { Evidence } from './prove-block.js';

const BLOCK_RECEIPTS = 'eth_getBlockReceipts';
/** Of a block with more, each is not asked for by itself. */
const SINGLE_RECEIPTS_MAX = 64;
const METHOD_NOT_FOUND = -32601;
/** How nodes say it with another code. */
const NOT_THERE =
  /not (found|supported|available|exist|whitelisted)|does not exist|unsupported|unknown method/i;

export interface FetchOptions {
  /** The first block of which receipts are asked for too. */
  readonly receiptsFrom: number;
}

/**
 * Everything that one provider says of a range of blocks, ends included, read into types.
 * @throws MalformedAnswerError, RpcTooMuchError and what Provider.batch throws
 */
export async function fetchBlocks(
  provider: Provider,
  from: number,
  to: number,
  { receiptsFrom }: FetchOptions,
): Promise<readonly Evidence[]> {
  const filter = { fromBlock: quantity(from), toBlock: quantity(to) };
  const numbers = Array.from({ length: to - from + 1 }, (_, index) => from + index);
  const [logsGiven, ...blocksGiven] = await provider.batch([
    { method: 'eth_getLogs', params: [filter] },
    ...numbers.map((number) => ({ method: 'eth_getBlockByNumber', params: [quantity(number), true] })),
  ]);
  const slices = new Slices();
  const blocks: Block[] = [];
  for (const [index, number] of numbers.entries()) {
    if (slices.over) await slices.next();
    blocks.push(readBlockAt(provider, number, blocksGiven[index]));
  }
  const logs = Map.groupBy(await readLogs(provider, logsGiven, from, to, slices), (log) => log.blockNumber);
  const evidence: Evidence[] = [];
  for (const block of blocks) {
    const { number, logsBloom } = block.header;
    const wanted = number >= receiptsFrom && !/^0x0*$/.test(logsBloom);
    const receipts = wanted ? await fetchReceipts(provider, block) : null;
    evidence.push({ block, logs: logs.get(number) ?? [], receipts });
  }
  return evidence;
}

function readBlockAt({ shownUrl }: Provider, number: number, value: unknown): Block {
  const reading = new Reading(shownUrl, `block ${number}`);
  const block = readBlock(reading, value);
  if (block.header.number !== number) throw reading.fault('number', quantity(block.header.number));
  return block;
}

async function readLogs(
  { shownUrl }: Provider,
  value: unknown,
  from: number,
  to: number,
  slices: Slices,
): Promise<readonly Log[]> {
  const reading = new Reading(shownUrl, `the logs of blocks ${from} to ${to}`);
  const logs: Log[] = [];
  for (const one of reading.list(value)) {
    if (slices.over) await slices.next();
    const log = readLog(reading, one);
    if (log.blockNumber < from || log.blockNumber > to)
      throw reading.fault('blockNumber', quantity(log.blockNumber));
    logs.push(log);
  }
  return logs;
}

/** The receipts of a block in order; null where the provider does not give them. */
async function fetchReceipts(
  provider: Provider,
  { header, transactions }: Block,
): Promise<readonly Receipt[] | null> {
  const reading = new Reading(provider.shownUrl, `the receipts of block ${header.number}`);
  const whole = await ifHad(provider, BLOCK_RECEIPTS, [
    { method: BLOCK_RECEIPTS, params: [quantity(header.number)] },
  ]);
  const given =
    whole?.[0] ??
    (await fetchEach(
      provider,
      transactions.map(({ hash }) => hash),
    ));
  if (given === null) return null;
  const receipts = reading.list(given).map((one) => readReceipt(reading, one));
  return receipts.toSorted((a, b) => a.index - b.index);
}

async function fetchEach(provider: Provider, hashes: readonly string[]): Promise<readonly unknown[] | null> {
  if (hashes.length > SINGLE_RECEIPTS_MAX) return null;
  const method = 'eth_getTransactionReceipt';
  return ifHad(
    provider,
    method,
    hashes.map((hash) => ({ method, params: [hash] })),
  );
}

/** Null where the provider refuses; one that does not have the method is asked for it once. */
async function ifHad(
  provider: Provider,
  method: string,
  requests: readonly RpcRequest[],
): Promise<readonly unknown[] | null> {
  if (!provider.has(method)) return null;
  try {
    return await provider.batch(requests);
  } catch (error) {
    if (!(error instanceof RpcResponseError)) throw error;
    // Any other refusal may pass; until then there is less proof.
    if (error.rpcCode === METHOD_NOT_FOUND || NOT_THERE.test(error.message)) provider.lacks(method);
    return null;
  }
}
