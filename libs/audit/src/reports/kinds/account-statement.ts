import { canonicalJson, type JsonValue } from '@abland/audit-verify';
import {
  feesPaid,
  type LiquidityAdded,
  REQUEST_STREAM_PREFIX,
  type Swap,
  type Trade,
  tradingProfit,
  type Transfer,
} from '@abland/domain';
import type { RecordedEvent } from '@abland/kernel';
import { FeesInForce } from '../folding/fees-in-force.js';
import type { ReportQuery } from '../folding/query.js';
import { isWithin, type Put, type ReportFolding, type ReportKind, type Row } from '../folding/report.js';
import type { FactAt } from '../folding/standing-facts.js';
import { byKey, isBefore, isSame, PLACE_COLUMNS, placeColumns } from './columns.js';

type Query = Extract<ReportQuery, { readonly kind: 'ACCOUNT' }>;

/** What one address had, did and asked for on a chain: balances and purchases from the beginning, the rest in the period. */
export const ACCOUNT_STATEMENT: ReportKind<Query> = {
  version: 2,
  files: {
    transfers: [...PLACE_COLUMNS, 'token', 'direction', 'counterparty', 'amount', 'balance'],
    swaps: [
      ...[...PLACE_COLUMNS, 'poolId', 'tokenIn', 'tokenOut', 'amountIn', 'amountOut'],
      ...['swapFeeBasisPoints', 'fee'],
    ],
    liquidity: [...PLACE_COLUMNS, 'poolId', 'change', 'amountA', 'amountB', 'liquidity', 'balance'],
    orders: ['time', 'eventId', 'commandId', 'type', 'actor', 'details'],
    balances: ['token', 'balance', 'followed'],
    positions: ['poolId', 'liquidity'],
    profits: [
      ...['token', 'quoteToken', 'bought', 'paid', 'sold', 'received', 'matched', 'matchedCost'],
      ...['matchedReceived', 'realized', 'open', 'openCost'],
    ],
  },
  begin: (query, put) => new AccountStatement(query, put),
};

class AccountStatement implements ReportFolding {
  private readonly fees = new FeesInForce();
  private readonly balances = new Map<string, bigint>();
  private readonly positions = new Map<string, bigint>();
  /** Of a token for another one, in their order: first in, first out needs all of them. */
  private readonly trades = new Map<string, Trade[]>();
  private readonly commands = new Set<string>();
  /** Tokens whose transfers the log has, of whomever. */
  private readonly followed = new Set<string>();
  /** Tokens that it swapped. */
  private readonly swapped = new Set<string>();

  constructor(
    private readonly query: Query,
    private readonly put: Put,
  ) {}

  fact(event: RecordedEvent, at: FactAt): void {
    // What came later changes nothing of it: balances and purchases are those at its end.
    if (at.chainId !== this.query.chainId || !isBefore(this.query.until, at)) return;
    this.fees.add(event, at);
    const put = (file: string, row: Row): void => {
      if (isWithin(this.query, at.blockTime)) this.put(file, { ...placeColumns(event, at), ...row });
    };
    if (event.type === 'Transfer') this.followed.add(String(event.data['contract']));
    if (event.type === 'Transfer') this.transfer(event.data as Transfer['data'], put);
    else if (event.type === 'Swap') this.swap(event.data as Swap['data'], at, put);
    else if (event.type === 'LiquidityAdded' || event.type === 'LiquidityRemoved')
      this.liquidity(event.type, event.data as LiquidityAdded['data'], put);
  }

  event({ data, id, metadata, recordedAt, stream, type }: RecordedEvent): void {
    if (!stream.startsWith(REQUEST_STREAM_PREFIX) || Number(data['chainId']) !== this.query.chainId) return;
    const commandId = stream.slice(REQUEST_STREAM_PREFIX.length);
    if (isSame(String(data['requester'] ?? ''), this.query.address)) this.commands.add(commandId);
    if (!this.commands.has(commandId) || !isWithin(this.query, recordedAt)) return;
    const details = canonicalJson(data as JsonValue);
    this.put('orders', {
      ...{ time: recordedAt, eventId: id, commandId, type, actor: metadata.actor, details },
    });
  }

  *end(): Iterable<readonly [string, Row]> {
    for (const [token, balance] of byKey(this.balances))
      yield ['balances', { token, balance: `${balance}`, followed: 'true' }];
    for (const token of [...this.swapped].filter((one) => !this.followed.has(one)).sort())
      yield ['balances', { token, balance: null, followed: 'false' }];
    for (const [poolId, liquidity] of byKey(this.positions))
      yield ['positions', { poolId, liquidity: `${liquidity}` }];
    for (const [pair, trades] of byKey(this.trades)) {
      const [token = '', quoteToken = ''] = pair.split(' ');
      const { bought, matched, open, paid, realized, received, sold } = tradingProfit(trades);
      yield [
        'profits',
        {
          ...{ token, quoteToken, bought: `${bought}`, paid: `${paid}`, sold: `${sold}` },
          ...{ received: `${received}`, matched: `${matched.amount}`, matchedCost: `${matched.cost}` },
          ...{ matchedReceived: `${matched.received}`, realized: `${realized}` },
          ...{ open: `${open.amount}`, openCost: `${open.cost}` },
        },
      ];
    }
  }

  private transfer({ amount, contract, from, to }: Transfer['data'], put: Put): void {
    const [isFrom, isTo] = [from, to].map((one) => isSame(one, this.query.address));
    if (isFrom !== true && isTo !== true) return;
    const change = (isTo === true ? BigInt(amount) : 0n) - (isFrom === true ? BigInt(amount) : 0n);
    const balance = (this.balances.get(contract) ?? 0n) + change;
    this.balances.set(contract, balance);
    const direction = isFrom === isTo ? 'SELF' : isTo === true ? 'IN' : 'OUT';
    const counterparty = isTo === true ? from : to;
    put('transfers', { token: contract, direction, counterparty, amount, balance: `${balance}` });
  }

  private swap(data: Swap['data'], at: FactAt, put: Put): void {
    const { amountIn, amountOut, poolId, tokenIn, tokenOut, user } = data;
    if (!isSame(user, this.query.address)) return;
    for (const token of [tokenIn, tokenOut]) this.swapped.add(token);
    const [paid, got] = [BigInt(amountIn), BigInt(amountOut)];
    this.tradesOf(tokenOut, tokenIn).push({ kind: 'BUY', amount: got, quote: paid });
    this.tradesOf(tokenIn, tokenOut).push({ kind: 'SELL', amount: paid, quote: got });
    const fees = this.fees.at(data, at);
    put('swaps', {
      ...{ poolId, tokenIn, tokenOut, amountIn, amountOut },
      swapFeeBasisPoints: fees === null ? null : `${fees.swapFee}`,
      fee: fees === null ? null : `${feesPaid(BigInt(amountIn), fees).fee}`,
    });
  }

  private liquidity(type: string, data: LiquidityAdded['data'], put: Put): void {
    const { amountA, amountB, liquidity, poolId, user } = data;
    if (!isSame(user, this.query.address)) return;
    const change = type === 'LiquidityAdded' ? 'ADDED' : 'REMOVED';
    const balance =
      (this.positions.get(poolId) ?? 0n) + (change === 'ADDED' ? BigInt(liquidity) : -BigInt(liquidity));
    this.positions.set(poolId, balance);
    put('liquidity', { poolId, change, amountA, amountB, liquidity, balance: `${balance}` });
  }

  private tradesOf(token: string, quote: string): Trade[] {
    const key = `${token} ${quote}`;
    const known = this.trades.get(key) ?? [];
    this.trades.set(key, known);
    return known;
  }
}
