import type { Json } from '@abland/chain/made-blocks';
import { id } from 'ethers';
import { strangerAt } from '../market/market.js';
import { contractAnswer } from './market-contracts.js';
import { marketAnswer } from './market-views.js';
import type { SimulatedBlock } from './simulated-chain.js';

/** Thrown, it is the error of a JSON-RPC answer. */
export interface RpcError {
  readonly code: number;
  readonly message: string;
  readonly data?: unknown;
}

/** The chain as one node sees it at a moment, oldest block first, from block 0 on. */
export type View = readonly SimulatedBlock[];

/** Any contract has some. */
const CODE = '0x6001';
const REVERTED: RpcError = { code: 3, message: 'execution reverted', data: '0x' };
const UNKNOWN_BLOCK: RpcError = { code: -32000, message: 'header not found' };
const UNKNOWN_METHOD: RpcError = { code: -32601, message: 'the method does not exist/is not available' };

interface LogFilter {
  readonly fromBlock?: string;
  readonly toBlock?: string;
  readonly blockHash?: string;
  readonly address?: string | readonly string[];
  readonly topics?: readonly (string | readonly string[] | null)[];
}

/** What an honest node answers: parts of the chain itself, not to be changed. @throws RpcError */
export function honestAnswer(
  chainId: number,
  view: View,
  method: string,
  params: readonly unknown[],
): unknown {
  switch (method) {
    case 'eth_chainId':
      return `0x${chainId.toString(16)}`;
    case 'net_version':
      return String(chainId);
    case 'eth_blockNumber':
      return view.at(-1)?.made.header['number'] ?? '0x0';
    case 'eth_getBlockByNumber':
    case 'eth_getBlockByHash':
      return blockJson(blockAt(view, params[0]), params[1] === true);
    case 'eth_getLogs':
      return logsOf(view, params[0] as LogFilter);
    case 'eth_getBlockReceipts':
      return blockAt(view, params[0])?.made.receipts ?? null;
    case 'eth_getTransactionReceipt':
      return byTransaction(view, params[0], ({ receipts }) => receipts);
    case 'eth_getTransactionByHash':
      return byTransaction(view, params[0], ({ transactions }) => transactions);
    case 'eth_getCode':
      return CODE;
    case 'eth_call':
      return callAnswer(view, params as readonly [Call, CallAt]);
    default:
      throw UNKNOWN_METHOD;
  }
}

interface Call {
  readonly to: string;
  readonly data: string;
}
type CallAt = string | { readonly blockHash: string };

const ASKED_OF_TOKENS = new Map(
  (['name', 'symbol', 'decimals'] as const).map((field) => [id(`${field}()`).slice(0, 10), field]),
);

/** Our contracts and tokens of strangers answer what they are asked; whatever else is called reverts. */
function callAnswer(view: View, [{ data, to }, at]: readonly [Call, CallAt]): string {
  const block = blockAt(view, typeof at === 'string' ? at : at.blockHash);
  if (block === undefined) throw UNKNOWN_BLOCK;
  const ofMarket = contractAnswer(to, data) ?? marketAnswer(block.state, to.toLowerCase(), data);
  if (ofMarket !== null) return ofMarket;
  const field = ASKED_OF_TOKENS.get(data);
  const returned = field === undefined ? null : strangerAt(to).returns[field];
  if (returned === null) throw REVERTED;
  return block.state.strangers.has(to) ? returned : '0x';
}

function blockAt(view: View, at: unknown): SimulatedBlock | undefined {
  if (typeof at !== 'string') return undefined;
  if (at.length === 66) return byHash(view, at);
  if (at === 'latest' || at === 'pending') return view.at(-1);
  if (at === 'earliest') return view[0];
  return view[Number(at)];
}

/** The newest are asked for most. */
function byHash(view: View, hash: string): SimulatedBlock | undefined {
  return view.findLast((block) => block.hash === hash);
}

function blockJson(block: SimulatedBlock | undefined, full: boolean): Json | null {
  if (block === undefined) return null;
  const { header, transactions } = block.made;
  return { ...header, transactions: full ? transactions : transactions.map(({ hash }) => hash) };
}

function byTransaction(
  view: View,
  hash: unknown,
  list: (made: SimulatedBlock['made']) => readonly Json[],
): Json | null {
  for (let index = view.length - 1; index >= 0; index -= 1) {
    const made = view[index]?.made;
    const at = made?.transactions.findIndex((transaction) => transaction['hash'] === hash) ?? -1;
    if (made !== undefined && at >= 0) return list(made)[at] ?? null;
  }
  return null;
}

function logsOf(view: View, { address, blockHash, fromBlock, toBlock, topics }: LogFilter): readonly Json[] {
  const range = blockHash === undefined ? between(view, fromBlock, toBlock) : [byHash(view, blockHash)];
  const logs = range.flatMap((block) => block?.made.logs ?? []);
  if (address === undefined && topics === undefined) return logs;
  const addresses = address === undefined ? null : [address].flat().map((one) => one.toLowerCase());
  return logs.filter((log) => {
    const own = log['topics'] as readonly string[];
    const matches = (topics ?? []).every(
      (wanted, index) => wanted === null || [wanted].flat().includes(own[index] ?? ''),
    );
    return matches && (addresses === null || addresses.includes(String(log['address'])));
  });
}

function between(view: View, from = 'latest', to = 'latest'): readonly SimulatedBlock[] {
  const numberOf = (at: string): number => blockAt(view, at)?.number ?? Number(at);
  return view.slice(numberOf(from), numberOf(to) + 1);
}
