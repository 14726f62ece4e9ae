/** One trade of a token against a quote token. Base units, none below zero. */
export interface Trade {
  readonly kind: 'BUY' | 'SELL';
  /** Of the token. */
  readonly amount: bigint;
  /** Paid for what was bought, or received for what was sold. */
  readonly quote: bigint;
}

/** What trading came to so far. All in base units: amounts of the token, everything else of the quote token. */
export interface TradingProfit {
  readonly bought: bigint;
  readonly paid: bigint;
  readonly sold: bigint;
  readonly received: bigint;
  /** Of what was sold, as much as had been bought before, with what it had cost and brought. */
  readonly matched: { readonly amount: bigint; readonly cost: bigint; readonly received: bigint };
  /** `received` of what was matched without its `cost`; below zero for a loss. */
  readonly realized: bigint;
  /** Bought and not sold again, with what it cost. */
  readonly open: { readonly amount: bigint; readonly cost: bigint };
}

interface Lot {
  amount: bigint;
  cost: bigint;
}

/**
 * Profit by first in, first out: what is sold is what was bought first. Sales of more than was bought, of tokens that were given or
 * minted, have no cost that trades tell, so they bring no profit: their part of what was received is `received - matched.received`.
 * The cost of part of a purchase is cut, and so is what part of a sale brought; what is cut stays with the rest, so that nothing is
 * lost: `matched.cost + open.cost = paid`.
 * @param trades in the order in which they were made
 */
export function tradingProfit(trades: Iterable<Trade>): TradingProfit {
  const lots: Lot[] = [];
  let oldest = 0;
  const sums = { bought: 0n, paid: 0n, sold: 0n, received: 0n };
  const matched = { amount: 0n, cost: 0n, received: 0n };
  for (const { amount, kind, quote } of trades) {
    if (kind === 'BUY') {
      sums.bought += amount;
      sums.paid += quote;
      lots.push({ amount, cost: quote });
      continue;
    }
    sums.sold += amount;
    sums.received += quote;
    let left = amount;
    for (let lot = lots[oldest]; lot !== undefined && left > 0n; lot = lots[oldest]) {
      const taken = takeFrom(lot, left);
      left -= taken.amount;
      matched.cost += taken.cost;
      if (lot.amount === 0n) oldest += 1;
    }
    matched.amount += amount - left;
    if (amount > 0n) matched.received += (quote * (amount - left)) / amount;
  }
  const open = { amount: sums.bought - matched.amount, cost: sums.paid - matched.cost };
  return { ...sums, matched, realized: matched.received - matched.cost, open };
}

/** Takes up to `wanted` out of a purchase. */
function takeFrom(lot: Lot, wanted: bigint): Lot {
  if (wanted >= lot.amount) {
    const whole = { ...lot };
    lot.amount = 0n;
    return whole;
  }
  const cost = (lot.cost * wanted) / lot.amount;
  lot.amount -= wanted;
  lot.cost -= cost;
  return { amount: wanted, cost };
}
