import { malformed } from '../faults/proof-error.js';

/** A whole number in ASCII digits without leading zeroes, as far as JavaScript counts exactly. @throws ProofError MALFORMED */
export function fromDecimal(text: string, at: string | null = null): number {
  const value = /^(?:0|[1-9][0-9]{0,15})$/.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(value)) throw malformed('Not a whole number without leading zeroes', at);
  return value;
}
