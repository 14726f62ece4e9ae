/** Numbers of the market: exact to the base unit where asked, compact by the viewer's language otherwise. No amount is ever a float. */

const DECIMAL = /^-?\d+(?:\.\d+)?$/;

/** Base units as decimal text, exact: `1500000` of 6 decimals is `1.5`. */
export function exactAmount(baseUnits: string, decimals: number): string {
  const isNegative = baseUnits.startsWith('-');
  const digits = (isNegative ? baseUnits.slice(1) : baseUnits).padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const part = digits.slice(digits.length - decimals).replace(/0+$/, '');
  return `${isNegative ? '-' : ''}${whole}${part === '' ? '' : `.${part}`}`;
}

/** What a person types as base units; null where it is no amount, or finer than the token is. */
export function baseUnitsOf(text: string, decimals: number): string | null {
  const typed = text.trim().replace(/^\./, '0.').replace(/\.$/, '');
  if (!/^\d+(?:\.\d+)?$/.test(typed)) return null;
  const [whole = '0', part = ''] = typed.split('.');
  if (part.replace(/0+$/, '').length > decimals) return null;
  const units = BigInt(whole + part.padEnd(decimals, '0').slice(0, decimals));
  return units.toString();
}

/** A ratio of base units as whole units of one for a whole unit of the other, 18 digits behind the point, cut. */
export function ratioText(numerator: string, denominator: string, shift: number): string | null {
  const [over, under] = [BigInt(numerator), BigInt(denominator)];
  if (under === 0n) return null;
  const scale = 18 + shift;
  const scaled = scale >= 0 ? (over * 10n ** BigInt(scale)) / under : over / (under * 10n ** BigInt(-scale));
  return exactAmount(scaled.toString(), 18);
}

/** `0.00000123` as `0.0₅123`: how many noughts stand behind the point is told by the small digit. */
export function smallText(text: string, digits = 4): string {
  const found = /^(-?)0\.(0{4,})([1-9]\d*)/.exec(text);
  if (found === null) return text;
  const [, sign = '', noughts = '', rest = ''] = found;
  return `${sign}0.0${subscript(noughts.length)}${rest.slice(0, digits).replace(/0+$/, '')}`;
}

const subscript = (count: number): string =>
  [...String(count)].map((digit) => String.fromCodePoint(0x2080 + Number(digit))).join('');

export interface NumberWords {
  /** Exact decimal text with the language's separators. */
  exact(text: string): string;
  /** A few digits: `12.3K`, `0.0₅123`. */
  compact(text: string): string;
  /** A price: five digits that say something. */
  price(text: string): string;
  /** What a person types, with the language's own point, as decimal text; null where it is none, or has a mark that may be of thousands. */
  read(text: string): string | null;
  /** Decimal text as a person would type it. */
  write(text: string): string;
  /** Percent with its sign: `+12.34 %`. */
  percent(text: string): string;
}

/** @param language a BCP 47 tag; absent: the browser's own */
export function numberWords(language?: string): NumberWords {
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 18 });
  const few = new Intl.NumberFormat(language, { maximumSignificantDigits: 4 });
  const short = new Intl.NumberFormat(language, {
    ...{ notation: 'compact', compactDisplay: 'short' },
    ...{ minimumFractionDigits: 0, maximumFractionDigits: 2 },
  });
  const five = new Intl.NumberFormat(language, { maximumSignificantDigits: 5 });
  const signed = new Intl.NumberFormat(language, {
    ...{ style: 'percent', signDisplay: 'exceptZero' },
    ...{ minimumFractionDigits: 2, maximumFractionDigits: 2 },
  });
  const point = whole.formatToParts(1.5).find(({ type }) => type === 'decimal')?.value ?? '.';
  const format = (by: Intl.NumberFormat, text: string): string =>
    DECIMAL.test(text) ? by.format(text as Intl.StringNumericLiteral) : text;
  const small = (text: string): string => smallText(text).replace('.', point);
  return {
    exact: (text) => format(whole, text),
    read: (text) => readBy(point, text),
    write: (text) => text.replace('.', point),
    compact: (text) =>
      isTiny(text) ? small(text) : format(Math.abs(Number(text)) < 10_000 ? few : short, text),
    price: (text) =>
      isTiny(text) ? small(text) : format(Math.abs(Number(text)) < 1_000_000 ? five : short, text),
    percent: (text) => {
      const value = Number(text) / 100;
      if (!Number.isFinite(value)) return text;
      return Math.abs(value) >= 100
        ? `${value > 0 ? '+' : ''}${short.format(value * 100)} %`
        : signed.format(value);
    },
  };
}

/** `1.000` is one in one language and a thousand in another: no other mark than the language's point is guessed at. */
function readBy(point: string, text: string): string | null {
  const typed = text.trim();
  const parts = typed.split(point);
  if (parts.length > 2 || parts.some((part) => !/^\d*$/.test(part)) || !/\d/.test(typed)) return null;
  return `${parts[0] || '0'}${parts[1] ? `.${parts[1]}` : ''}`;
}

const isTiny = (text: string): boolean => /^-?0\.0{4}/.test(text) && Number(text) !== 0;
