import { exactAmount } from '../format/amounts.js';

/** What an amount is worth at a price in decimal text, to 18 places, cut; null where one of them is not known. */
export function worthOf(baseUnits: string, decimals: number | null, price: string | null): string | null {
  if (decimals === null || price === null || !/^\d+(?:\.\d+)?$/.test(price)) return null;
  const [whole = '0', part = ''] = price.split('.');
  const scaled = BigInt(baseUnits) * BigInt(whole + part);
  const places = decimals + part.length;
  const cut = places > 18 ? scaled / 10n ** BigInt(places - 18) : scaled * 10n ** BigInt(18 - places);
  return exactAmount(cut.toString(), 18);
}
