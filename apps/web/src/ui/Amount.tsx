import { exactAmount } from '../format/amounts.js';
import { useNumbers } from '../messages/language.js';

interface AmountProps {
  /** Decimal text. */
  readonly baseUnits: string;
  /** Null where nobody knows them: base units are shown then. */
  readonly decimals: number | null;
  readonly symbol?: string;
  /** Every digit: where one agrees to it. */
  readonly isExact?: boolean;
}

/** Few digits; exact to the base unit where one points at it. */
export function Amount({ baseUnits, decimals, isExact = false, symbol }: AmountProps) {
  const numbers = useNumbers();
  const exact = exactAmount(baseUnits, decimals ?? 0);
  const unit = symbol === undefined ? '' : ` ${symbol}`;
  return (
    <span className="amount" title={`${numbers.exact(exact)}${unit}`}>
      {isExact ? numbers.exact(exact) : numbers.compact(exact)}
      {symbol === undefined ? null : <span className="unit"> {symbol}</span>}
    </span>
  );
}

/** A price in whole tokens, decimal text. */
export function PriceText({ value, unit }: { readonly value: string | null; readonly unit?: string | null }) {
  const numbers = useNumbers();
  if (value === null) return <span className="faint">—</span>;
  return (
    <span className="amount" title={`${numbers.exact(value)}${unit ? ` ${unit}` : ''}`}>
      {numbers.price(value)}
      {unit ? <span className="unit"> {unit}</span> : null}
    </span>
  );
}

/** A change in percent, told by sign and colour. */
export function Change({ percent }: { readonly percent: string | null }) {
  const numbers = useNumbers();
  if (percent === null) return <span className="faint">—</span>;
  const value = Number(percent);
  const way = value > 0 ? 'up' : value < 0 ? 'down' : 'level';
  return (
    <span className="change" data-way={way} title={`${percent} %`}>
      {numbers.percent(percent)}
    </span>
  );
}
