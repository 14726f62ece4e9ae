import {
  type CommandRejected,
  feesPaid,
  REQUEST_STREAM_PREFIX,
  type RequestConfirmed,
  type Swap,
  type SwapRequested,
  type TokenCreated,
  type TokenDescribed,
  type TokenMetadataUpdated,
  type TransactionPaid,
  type Transfer,
  ZERO_ADDRESS,
} from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { FeesInForce } from '../folding/fees-in-force.js';
import type { ReportQuery } from '../folding/query.js';
import {
  isWithin,
  type Put,
  type ReportFolding,
  type ReportKind,
  type Row,
  timeOf,
} from '../folding/report.js';
import type { FactAt } from '../folding/standing-facts.js';
import { byKey, isBefore, isSame } from './columns.js';

type Query = Extract<ReportQuery, { readonly kind: 'RECORDS' }>;

/**
 * Orders and transactions as Delegated Regulation (EU) 2025/1140 wants them recorded; docs/compliance.md says which column is which of its
 * annex's fields. An order is a request to swap, a transaction a swap in a pool.
 */
export const ORDER_RECORDS: ReportKind<Query> = {
  version: 2,
  files: {
    orders: [
      ...['time', 'eventId', 'orderIdentificationCode', 'client', 'stage', 'newOrder', 'orderStatus'],
      ...['tradingCapacity', 'orderType', 'orderTypeClassification', 'validityPeriod', 'validUntil'],
      ...['execution', 'poolId', 'buySell', 'cryptoAsset', 'quantityNotation', 'initialQuantity'],
      ...['remainingQuantity', 'tradedQuantity', 'priceCryptoAsset', 'limitConsideration'],
      ...['tradedConsideration', 'transactionHash', 'reason'],
    ],
    transactions: [
      ...['transactionStatus', 'transactionRecordNumber', 'transactionHash', 'executingContract', 'buyer'],
      ...['seller', 'tradingTime', 'tradingCapacity', 'cryptoAsset', 'cryptoAssetName', 'quantity'],
      ...['priceCryptoAsset', 'consideration', 'fee', 'tradingPlatform', 'orderIdentificationCode', 'final'],
    ],
    onchain: [
      ...['transactionHash', 'walletAddress', 'smartContractAddress', 'timestamp', 'quantity', 'totalSupply'],
      ...['cryptoAsset', 'networkFee', 'dataSize', 'to', 'from', 'transactionRecordNumber'],
    ],
    cryptoassets: ['cryptoAsset', 'name', 'symbol', 'decimals', 'toldBy', 'totalSupply'],
  },
  begin: (query, put) => new OrderRecords(query, put),
};

interface CryptoAsset {
  name: string | null;
  symbol: string | null;
  decimals: string | null;
  toldBy: 'FACTORY' | 'ITSELF' | null;
  /** Null of those whose transfers the log does not have. */
  supply: bigint | null;
}

/** What a row of a stage needs of the order. */
type Order = Pick<SwapRequested['data'], 'deadline' | 'execution' | 'requester' | 'terms'>;
const orderOf = ({ deadline, execution, requester, terms }: SwapRequested['data']): Order => ({
  ...{ deadline, execution, requester, terms },
});

interface Traded {
  readonly transaction: Row;
  readonly onchain: Row;
  readonly tokenIn: string;
  readonly txHash: string;
}

/** Behind its deadline an order is forgotten; it is looked for such ones each so many blocks. */
const FORGOTTEN_AFTER_SECONDS = 30 * 86_400;
const FORGOTTEN_EVERY_BLOCKS = 1_000;
/** Neither matched principal nor dealing: the pool is the other side. */
const CAPACITY = 'AOTC';
/** Of what is not admitted to trading on a platform (ISO 10383). */
const NO_PLATFORM = 'XXXX';

class OrderRecords implements ReportFolding {
  private readonly fees = new FeesInForce();
  private readonly assets = new Map<string, CryptoAsset>();
  /** Orders that may still go on. */
  private readonly orders = new Map<string, Order>();
  /** Of the block that is read: what its transactions cost is told behind their facts. */
  private traded: Traded[] = [];
  private readonly paid = new Map<string, TransactionPaid['data']>();

  constructor(
    private readonly query: Query,
    private readonly put: Put,
  ) {}

  event(event: RecordedEvent): void {
    const { data, stream, type } = event;
    if (Number(data['chainId']) !== this.query.chainId) return;
    if (type === 'CommandRejected') this.refused(event, data as CommandRejected['data']);
    else if (stream.startsWith(REQUEST_STREAM_PREFIX))
      this.stage(event, stream.slice(REQUEST_STREAM_PREFIX.length));
  }

  fact(event: RecordedEvent, at: FactAt): void {
    if (at.chainId !== this.query.chainId || !isBefore(this.query.until, at)) return;
    this.fees.add(event, at);
    const { data, type } = event;
    if (type === 'Transfer') this.transferred(data as Transfer['data']);
    else if (type === 'TokenCreated' || type === 'TokenMetadataUpdated' || type === 'TokenDescribed')
      this.described(type, data);
    else if (type === 'TransactionPaid')
      this.paid.set((data as TransactionPaid['data']).txHash, data as TransactionPaid['data']);
    else if (type === 'Swap' && isWithin(this.query, at.blockTime)) this.swapped(event, at);
    else if (type === 'BlockIngested') {
      this.closeBlock();
      if (at.isFinal && at.blockNumber % FORGOTTEN_EVERY_BLOCKS === 0) this.forgetOrders(at.blockTime);
    }
  }

  *end(): Iterable<readonly [string, Row]> {
    // The checkpoint may be of the middle of a block.
    this.closeBlock();
    for (const [cryptoAsset, { decimals, name, supply, symbol, toldBy }] of byKey(this.assets))
      yield [
        'cryptoassets',
        { cryptoAsset, name, symbol, decimals, toldBy, totalSupply: supply?.toString() ?? null },
      ];
  }

  private stage(event: RecordedEvent, commandId: string): void {
    const { data, type } = event;
    if (type === 'SwapRequested') this.orders.set(commandId, orderOf(data as SwapRequested['data']));
    const order = this.orders.get(commandId);
    if (order === undefined) return;
    if (isWithin(this.query, event.recordedAt)) this.put('orders', orderRow(event, commandId, order));
    // Whatever else it came to, the chain may still carry it out, and what the chain says stands.
    if (type === 'RequestFinalized') this.orders.delete(commandId);
  }

  private refused(
    event: RecordedEvent,
    { address, code, command, commandId, reason }: CommandRejected['data'],
  ): void {
    if (command !== 'swap' || !isWithin(this.query, event.recordedAt)) return;
    const row: Row = { client: address, orderStatus: 'INAC', reason: `${code}: ${reason}` };
    this.put('orders', { ...NO_ORDER, ...stageColumns(event, commandId), ...row });
  }

  private swapped(event: RecordedEvent, at: FactAt): void {
    const data = event.data as Swap['data'];
    const { amountIn, amountOut, contract, poolId, tokenIn, tokenOut, user } = data;
    const claimed = event.metadata.chain?.commandId ?? null;
    const order = claimed === null ? undefined : this.orders.get(claimed);
    const isOfOrder = order !== undefined && isSame(order.requester, user);
    const fees = this.fees.at(data, at);
    const txHash = at.txHash ?? '';
    this.assetOf(tokenOut);
    const transaction: Row = {
      ...{ transactionStatus: 'NEWT', transactionRecordNumber: event.id, transactionHash: txHash },
      ...{ executingContract: contract, buyer: poolId, seller: user, tradingCapacity: CAPACITY },
      ...{ tradingTime: inMicroseconds(timeOf(at.blockTime)), cryptoAsset: tokenIn, quantity: amountIn },
      ...{ priceCryptoAsset: tokenOut, consideration: amountOut },
      fee: fees === null ? null : `${feesPaid(BigInt(amountIn), fees).fee}`,
      ...{ tradingPlatform: NO_PLATFORM, orderIdentificationCode: isOfOrder ? claimed : null },
      final: at.isFinal ? 'true' : 'false',
    };
    const row: Row = {
      ...{ transactionHash: txHash, walletAddress: user, smartContractAddress: contract, quantity: amountIn },
      ...{ timestamp: inMicroseconds(timeOf(at.blockTime)), cryptoAsset: tokenIn, to: contract, from: user },
      ...{ totalSupply: this.assetOf(tokenIn).supply?.toString() ?? null, transactionRecordNumber: event.id },
    };
    this.traded.push({ onchain: row, transaction, tokenIn, txHash });
  }

  private closeBlock(): void {
    for (const { onchain, tokenIn, transaction, txHash } of this.traded) {
      // A stranger's token is described behind what its block did with it.
      this.put('transactions', { ...transaction, cryptoAssetName: this.assetOf(tokenIn).name });
      const { inputBytes = null, total = null } = this.paid.get(txHash) ?? {};
      this.put('onchain', { ...onchain, networkFee: total, dataSize: inputBytes?.toString() ?? null });
    }
    this.traded = [];
    this.paid.clear();
  }

  /** Those that no contract takes any more, and of which nothing more is told by now. */
  private forgetOrders(blockTime: number): void {
    const before = (blockTime - FORGOTTEN_AFTER_SECONDS) * 1_000;
    for (const [commandId, { deadline }] of this.orders)
      if (Date.parse(deadline) < before) this.orders.delete(commandId);
  }

  private described(type: string, data: RecordedEvent['data']): void {
    if (type === 'TokenCreated') {
      const { name, symbol, tokenAddress } = data as TokenCreated['data'];
      Object.assign(this.assetOf(tokenAddress), { name, symbol, toldBy: 'FACTORY' });
    } else if (type === 'TokenMetadataUpdated') {
      const { decimals, tokenAddress } = data as TokenMetadataUpdated['data'];
      this.assetOf(tokenAddress).decimals = `${decimals}`;
    } else {
      const { decimals, name, symbol, token } = data as TokenDescribed['data'];
      const told = { name, symbol, decimals: decimals?.toString() ?? null, toldBy: 'ITSELF' };
      Object.assign(this.assetOf(token), told);
    }
  }

  private transferred({ amount, contract, from, to }: Transfer['data']): void {
    const asset = this.assetOf(contract);
    const change =
      (from === ZERO_ADDRESS ? BigInt(amount) : 0n) - (to === ZERO_ADDRESS ? BigInt(amount) : 0n);
    asset.supply = (asset.supply ?? 0n) + change;
  }

  private assetOf(token: string): CryptoAsset {
    const known = this.assets.get(token) ?? {
      ...{ name: null, symbol: null, decimals: null, toldBy: null, supply: null },
    };
    this.assets.set(token, known);
    return known;
  }
}

/** Of an order that was refused nothing was accepted: what it asked for is not in the log. */
const NO_ORDER: Row = Object.fromEntries(
  (ORDER_RECORDS.files['orders'] ?? []).map((column) => [column, null]),
);

/** An order goes on at each of these; after every other stage it does not, unless one of these comes. */
const ACTIVE: ReadonlySet<string> = new Set([
  ...['SwapRequested', 'RelayRequested', 'RelayAuthorized', 'RelayAttemptFailed'],
  ...['RequestSubmitted', 'RequestRetracted'],
]);

const stageColumns = ({ id, recordedAt, type }: RecordedEvent, commandId: string): Row => ({
  ...{ time: inMicroseconds(recordedAt), eventId: id, orderIdentificationCode: commandId, stage: type },
});

function orderRow(event: RecordedEvent, commandId: string, order: Order): Row {
  const { data, type } = event;
  const { deadline, execution, requester, terms } = order;
  const outcome = type === 'RequestConfirmed' ? (data as RequestConfirmed['data']).outcome : null;
  const traded = outcome?.kind === 'SWAP' ? outcome : null;
  const isOver = traded !== null || type === 'RequestFinalized';
  return {
    ...stageColumns(event, commandId),
    ...{ client: requester, newOrder: type === 'SwapRequested' ? 'NEWO' : null },
    ...{ orderStatus: ACTIVE.has(type) ? 'ACTI' : 'INAC', tradingCapacity: CAPACITY },
    ...{ orderType: 'SWAP_EXACT_IN', orderTypeClassification: 'LMTO', validityPeriod: 'GTSV' },
    ...{ validUntil: inMicroseconds(deadline), execution, poolId: terms.poolId, buySell: 'SELL' },
    ...{ cryptoAsset: terms.tokenIn, quantityNotation: 'CRYP', initialQuantity: terms.amountIn },
    ...{ remainingQuantity: isOver ? '0' : terms.amountIn, tradedQuantity: traded?.amountIn ?? null },
    ...{ priceCryptoAsset: terms.tokenOut, limitConsideration: terms.amountOutMin },
    ...{ tradedConsideration: traded?.amountOut ?? null, transactionHash: textOf(data['txHash']) },
    reason: textOf(data['reason']),
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** As the annex has times: with six digits of a second. */
const inMicroseconds = (instant: string): string => new Date(instant).toISOString().replace('Z', '000Z');
