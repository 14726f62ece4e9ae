import type { HexData } from '@abland/domain';
import { Slices } from '@abland/kernel';
import { RpcResponseError } from '../rpc/errors.js';
import type { RpcRequest } from '../rpc/json-rpc.js';
import type { Provider } from '../rpc/provider.js';
import { Reading } from '../rpc/reading.js';
import {
  type Block,
  type Header,
  type Log,
  quantity,
  readBlock,
  readLog,
  readReceipt,
  type Receipt,
  type Transaction,
} from './answers.js';
import type { Evidence } from './prove-block.js';

/** Of a block with more, each is not asked for by itself. */
const SINGLE_RECEIPTS_MAX = 64;
const ALL_RECEIPTS = 'eth_getBlockReceipts';
const METHOD_NOT_FOUND = -32601;
/** How nodes say it with another code. */
const NOT_THERE =
  /not (found|supported|available|exist|whitelisted)|does not exist|unsupported|unknown method/i;

/** So many refusals in a row of blocks and receipts in one batch, and a provider is asked for one after the other. */
const REFUSALS_MAX = 3;

export interface FetchOptions {
  /** The first block of which receipts are asked for too. */
  readonly receiptsFrom: number;
  /** In lower case: of a block with a transaction to one of them that left no log receipts are asked for, whichever it is. */
  readonly contracts: readonly HexData[];
  /** Whether headers are known to vouch for the receipts of their blocks: then these tell all logs, and nobody is asked for them beside. */
  readonly rooted: boolean;
}

/**
 * Everything that one provider says of a range of blocks, ends included, read into types.
 * @throws MalformedAnswerError, RpcTooMuchError and what Provider.batch throws
 */
export async function fetchBlocks(
  provider: Provider,
  from: number,
  to: number,
  options: FetchOptions,
): Promise<readonly Evidence[]> {
  const numbers = numbersOf(from, to);
  const rooted = options.rooted && options.receiptsFrom <= from ? await fetchRooted(provider, numbers) : null;
  if (rooted !== null) return rooted;
  const [logsGiven, ...blocksGiven] = await provider.batch([
    logsRequest({ from, to }),
    ...numbers.map(blockRequest),
  ]);
  const slices = new Slices();
  const blocks = await readBlocks(provider, numbers, blocksGiven, slices);
  const logs = await readLogs(provider, logsGiven, { from, to }, slices);
  return withReceipts(provider, blocks, logs, options, slices);
}

/** Refusals in a row of blocks and receipts in one batch. */
const refusals = new WeakMap<Provider, number>();

/** Blocks with their receipts, in one batch; null where that is not to be had. @throws as fetchBlocks */
async function fetchRooted(
  provider: Provider,
  numbers: readonly number[],
): Promise<readonly Evidence[] | null> {
  if (!provider.has(ALL_RECEIPTS) || (refusals.get(provider) ?? 0) >= REFUSALS_MAX) return null;
  const slices = new Slices();
  try {
    const given = await provider.batch([...numbers.map(blockRequest), ...numbers.map(receiptsRequest)]);
    refusals.delete(provider);
    const blocks = await readBlocks(provider, numbers, given.slice(0, numbers.length), slices);
    const receipts = await readReceipts(
      provider,
      receiptsWanted(blocks, given.slice(numbers.length)),
      slices,
    );
    return await withUntold(
      provider,
      blocks.map((block) => ({ block, logs: [], receipts: receipts.get(block.header.hash) ?? null })),
    );
  } catch (error) {
    if (!(error instanceof RpcResponseError)) throw error;
    // Blocks everybody has. Which of the two is refused else is seen where they are asked for one after the other.
    if (error.rpcCode === METHOD_NOT_FOUND) provider.lacks(ALL_RECEIPTS);
    refusals.set(provider, (refusals.get(provider) ?? 0) + 1);
    return null;
  }
}

/** Of blocks without a log a provider may say anything. */
function receiptsWanted(blocks: readonly Block[], given: readonly unknown[]): Given {
  const told = blocks.map((block, index) => [block, given[index]] as const);
  return new Map(
    told.filter(([block]) => mayHaveReceipts(block)).map(([{ header }, value]) => [header.hash, value]),
  );
}

/** With the logs of a state sync, which not every node tells among the receipts. */
async function withUntold(provider: Provider, evidence: readonly Evidence[]): Promise<readonly Evidence[]> {
  const untold = evidence.filter(
    ({ block: { stateSync }, receipts }) =>
      stateSync !== null && receipts?.every(({ transactionHash }) => transactionHash !== stateSync) !== false,
  );
  if (untold.length === 0) return evidence;
  const numbers = untold.map(({ block }) => block.header.number);
  const logs = await fetchLogs(
    provider,
    numbers.map((number) => ({ from: number, to: number })),
  );
  const byNumber = Map.groupBy(logs, ({ blockNumber }) => blockNumber);
  return evidence.map((one) => ({ ...one, logs: byNumber.get(one.block.header.number) ?? [] }));
}

/** Blocks of a range, ends included, with their transactions and without logs. @throws as fetchBlocks */
export async function fetchPlainBlocks(
  provider: Provider,
  from: number,
  to: number,
): Promise<readonly Block[]> {
  const numbers = numbersOf(from, to);
  return readBlocks(provider, numbers, await provider.batch(numbers.map(blockRequest)), new Slices());
}

/** Logs of ranges. @throws as fetchBlocks */
export async function fetchLogs(provider: Provider, ranges: readonly LogRange[]): Promise<readonly Log[]> {
  const given = await provider.batch(ranges.map(logsRequest));
  const slices = new Slices();
  const logs: (readonly Log[])[] = [];
  for (const [index, range] of ranges.entries())
    logs.push(await readLogs(provider, given[index], range, slices));
  return logs.flat();
}

/** All that the provider says beside of blocks that are known. @throws as fetchBlocks */
export async function fetchEvidence(
  provider: Provider,
  blocks: readonly Block[],
  options: FetchOptions,
): Promise<readonly Evidence[]> {
  const logs = await fetchLogs(
    provider,
    blocks.map(({ header: { number } }) => ({ from: number, to: number })),
  );
  return withReceipts(provider, blocks, logs, options, new Slices());
}

/** Ends included. */
interface LogRange {
  readonly from: number;
  readonly to: number;
  /** Absent: of all. */
  readonly addresses?: readonly HexData[];
}

const numbersOf = (from: number, to: number): readonly number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const blockRequest = (number: number): RpcRequest => ({
  method: 'eth_getBlockByNumber',
  params: [quantity(number), true],
});
const receiptsRequest = (number: number): RpcRequest => ({
  method: ALL_RECEIPTS,
  params: [quantity(number)],
});
const logsRequest = ({ addresses, from, to }: LogRange): RpcRequest => {
  const whose = addresses === undefined ? {} : { address: addresses };
  return { method: 'eth_getLogs', params: [{ fromBlock: quantity(from), toBlock: quantity(to), ...whose }] };
};

async function readBlocks(
  provider: Provider,
  numbers: readonly number[],
  given: readonly unknown[],
  slices: Slices,
): Promise<readonly Block[]> {
  const blocks: Block[] = [];
  for (const [index, number] of numbers.entries()) {
    if (slices.over) await slices.next();
    blocks.push(readBlockAt(provider, number, given[index]));
  }
  return blocks;
}

async function withReceipts(
  provider: Provider,
  blocks: readonly Block[],
  logs: readonly Log[],
  { contracts, receiptsFrom }: FetchOptions,
  slices: Slices,
): Promise<readonly Evidence[]> {
  const byNumber = Map.groupBy(logs, (log) => log.blockNumber);
  const wanted = blocks.filter((block) => {
    if (block.header.number >= receiptsFrom) return mayHaveReceipts(block);
    // Whether a transaction without a log was reverted is told by its receipt, and proved by all of its block.
    return silentCalls(block, byNumber.get(block.header.number) ?? [], contracts).length > 0;
  });
  const receipts = await fetchReceipts(provider, wanted, slices);
  return blocks.map((block) => ({
    block,
    logs: byNumber.get(block.header.number) ?? [],
    receipts: receipts.get(block.header.hash) ?? null,
  }));
}

/** Transactions to some contracts that left no log. */
export function silentCalls(
  { transactions }: Block,
  logs: readonly Log[],
  contracts: readonly HexData[],
): readonly Transaction[] {
  const calls = transactions.filter(({ to }) => to !== null && contracts.includes(to));
  if (calls.length === 0) return calls;
  const withLogs = new Set(logs.map(({ txHash }) => txHash));
  return calls.filter(({ hash }) => !withLogs.has(hash));
}

const mayHaveReceipts = ({ header, transactions }: Block): boolean =>
  transactions.length > 0 || mayHaveLogs(header);
const mayHaveLogs = ({ logsBloom }: Header): boolean => !/^0x0*$/.test(logsBloom);

function readBlockAt({ shownUrl }: Provider, number: number, value: unknown): Block {
  const reading = new Reading(shownUrl, `block ${number}`);
  const block = readBlock(reading, value);
  if (block.header.number !== number) throw reading.fault('number', quantity(block.header.number));
  return block;
}

async function readLogs(
  { shownUrl }: Provider,
  value: unknown,
  { from, to }: LogRange,
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

/** The receipts of blocks in order, by block hash; without those that the provider does not give. */
async function fetchReceipts(
  provider: Provider,
  blocks: readonly Block[],
  slices: Slices,
): Promise<ReadonlyMap<string, readonly Receipt[]>> {
  const given = (await fetchWhole(provider, blocks)) ?? (await fetchSingle(provider, blocks));
  return readReceipts(provider, given, slices);
}

/** What was told of each block, by its hash, in the order of the transactions. */
async function readReceipts(
  provider: Provider,
  given: Given,
  slices: Slices,
): Promise<ReadonlyMap<string, readonly Receipt[]>> {
  const receipts = new Map<string, readonly Receipt[]>();
  for (const [hash, value] of given) {
    if (slices.over) await slices.next();
    const reading = new Reading(provider.shownUrl, `the receipts of block ${hash}`);
    const read = reading.list(value).map((one) => readReceipt(reading, one));
    receipts.set(
      hash,
      read.toSorted((a, b) => a.index - b.index),
    );
  }
  return receipts;
}

type Given = ReadonlyMap<string, unknown>;

/** Null where the provider does not give all receipts of a block at once. */
async function fetchWhole(provider: Provider, blocks: readonly Block[]): Promise<Given | null> {
  const asked = blocks.map(({ header }) => receiptsRequest(header.number));
  const answers = await ifHad(provider, ALL_RECEIPTS, asked);
  return answers === null ? null : new Map(blocks.map(({ header }, index) => [header.hash, answers[index]]));
}

/** Receipt by receipt, of blocks that do not have too many. */
async function fetchSingle(provider: Provider, blocks: readonly Block[]): Promise<Given> {
  const method = 'eth_getTransactionReceipt';
  const small = blocks.filter(({ transactions }) => transactions.length <= SINGLE_RECEIPTS_MAX);
  const hashes = small.flatMap(({ transactions }) => transactions.map(({ hash }) => hash));
  const answers = await ifHad(
    provider,
    method,
    hashes.map((hash) => ({ method, params: [hash] })),
  );
  if (answers === null) return new Map();
  let taken = 0;
  return new Map(
    small.map(({ header, transactions }) => {
      const own = answers.slice(taken, taken + transactions.length);
      taken += transactions.length;
      return [header.hash, own];
    }),
  );
}

/** The receipts of transactions, one by one; none where the provider does not give them. */
export async function receiptsIfHad(
  provider: Provider,
  transactions: readonly Transaction[],
): Promise<readonly Receipt[]> {
  const method = 'eth_getTransactionReceipt';
  const requests = transactions.map(({ hash }) => ({ method, params: [hash] }));
  const given = (await ifHad(provider, method, requests)) ?? [];
  return given.map((value, index) =>
    readReceipt(new Reading(provider.shownUrl, `the receipt of ${transactions[index]?.hash}`), value),
  );
}

/** Null where the provider refuses; one that does not have the method is asked for it once. */
async function ifHad(
  provider: Provider,
  method: string,
  requests: readonly RpcRequest[],
): Promise<readonly unknown[] | null> {
  if (!provider.has(method)) return null;
  if (requests.length === 0) return [];
  try {
    return await provider.batch(requests);
  } catch (error) {
    if (!(error instanceof RpcResponseError)) throw error;
    // Any other refusal may pass; until then there is less proof.
    if (error.rpcCode === METHOD_NOT_FOUND || NOT_THERE.test(error.message)) provider.lacks(method);
    return null;
  }
}
