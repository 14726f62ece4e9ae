import { refusal } from '../vocabulary/errors.js';
import { shows } from './printable.js';

export const DECIMALS_MAX = 18;
const DESCRIPTION_LENGTH_MAX = 500;
/** Whole tokens. */
const SUPPLY_MAX = 10n ** 27n;

/**
 * 1 to 50 ASCII letters, digits and spaces. A space may not stand first or last: such a name looks like another one.
 * @throws DomainError INVALID_NAME
 */
export function parseTokenName(text: string, field = 'name'): string {
  if (!/^[A-Za-z0-9](?:[A-Za-z0-9 ]{0,48}[A-Za-z0-9])?$/.test(text)) {
    throw refusal(
      'INVALID_NAME',
      'A name has 1 to 50 letters A to Z, digits and spaces, and neither starts nor ends with a space',
      field,
    );
  }
  return text;
}

/**
 * 1 to 10 upper-case letters A to Z and digits.
 * @throws DomainError INVALID_SYMBOL
 */
export function parseTokenSymbol(text: string, field = 'symbol'): string {
  if (!/^[A-Z0-9]{1,10}$/.test(text)) {
    throw refusal('INVALID_SYMBOL', 'A symbol has 1 to 10 upper-case letters A to Z and digits', field);
  }
  return text;
}

/**
 * Whole tokens, 1 to 10^27, as decimal text without sign, point or leading zero.
 * @throws DomainError INVALID_SUPPLY
 */
export function parseSupply(text: string, field = 'totalSupply'): bigint {
  if (!/^[1-9][0-9]{0,27}$/.test(text) || BigInt(text) > SUPPLY_MAX) {
    throw refusal('INVALID_SUPPLY', 'A supply is a whole number of tokens from 1 to 10^27', field);
  }
  return BigInt(text);
}

/**
 * 0 to 18.
 * @throws DomainError INVALID_DECIMALS
 */
export function parseDecimals(value: number, field = 'decimals'): number {
  if (!Number.isInteger(value) || value < 0 || value > DECIMALS_MAX) {
    throw refusal('INVALID_DECIMALS', 'Decimals are a whole number from 0 to 18', field);
  }
  return value;
}

/**
 * Up to 500 characters, counted as code points. A line feed is the only control character allowed, and text that is no
 * valid Unicode (a lone surrogate) is refused, because no store keeps it as it is.
 * @throws DomainError INVALID_DESCRIPTION
 */
export function parseDescription(text: string, field = 'description'): string {
  if ([...text].length > DESCRIPTION_LENGTH_MAX) {
    throw refusal('INVALID_DESCRIPTION', 'A description has at most 500 characters', field);
  }
  if (!shows(text.replaceAll('\n', ''))) {
    throw refusal(
      'INVALID_DESCRIPTION',
      'A description has no control or invisible characters but line feeds',
      field,
    );
  }
  return text;
}

/**
 * Up to 512 visible ASCII characters; the contract has the same rule. Empty where a token has no metadata.
 * @throws DomainError INVALID_METADATA_URI
 */
export function parseMetadataURI(text: string, field = 'metadataURI'): string {
  if (!/^[\x21-\x7e]{0,512}$/.test(text)) {
    throw refusal('INVALID_METADATA_URI', 'A metadata URI has at most 512 visible ASCII characters', field);
  }
  return text;
}

/** A supply of whole tokens in base units. */
export const baseUnits = (supply: bigint, decimals: number): bigint => supply * 10n ** BigInt(decimals);
