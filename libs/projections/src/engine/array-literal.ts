import type { Parameter } from './values.js';

/** What stands in an array literal as it is: hexadecimal, numbers, identifiers, times. */
const PLAIN = /^[0-9A-Za-z_.:+-]+$/;

/**
 * Values as PostgreSQL writes an array, `{a,NULL,"b c"}`: one text parameter costs a fraction of what the driver takes for
 * an array of many thousand.
 */
export function arrayLiteral(values: readonly Parameter[]): string {
  return `{${values.map(element).join(',')}}`;
}

function element(value: Parameter): string {
  if (value === null) return 'NULL';
  if (typeof value !== 'string') return String(value);
  const isNull = value.length === 4 && value.toUpperCase() === 'NULL';
  if (PLAIN.test(value) && !isNull) return value;
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}
