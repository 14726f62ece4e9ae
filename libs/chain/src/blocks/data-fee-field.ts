import type { Fields, Reading } from '../rpc/reading.js';

/**
 * Where the receipts of a chain tell what a transaction paid for its data on the chain below. WEI: a field with so many wei, paid
 * beside the gas. GAS: a field with so much of the gas used. DETECT: by the fields of the OP stack and of Arbitrum. NONE: nowhere.
 */
export type DataFeeTold = 'DETECT' | 'NONE' | DataFeeField;
export interface DataFeeField {
  readonly unit: 'WEI' | 'GAS';
  readonly field: string;
}

/** Fields that say by themselves what they are: of the OP stack (and Scroll), and of Arbitrum. */
const KNOWN_FIELDS: readonly DataFeeField[] = [
  { unit: 'WEI', field: 'l1Fee' },
  { unit: 'GAS', field: 'gasUsedForL1' },
];

/** The field of a receipt that tells it; null where it has none. */
export function dataFeeField(dataFee: DataFeeTold, receipt: Fields): DataFeeField | null {
  if (dataFee === 'NONE') return null;
  if (dataFee !== 'DETECT') return dataFee;
  return KNOWN_FIELDS.find(({ field }) => (receipt[field] ?? null) !== null) ?? null;
}

/** What no amount of wei or gas that a chain charges comes near: more is no answer. */
const AMOUNT_MAX = 2n ** 128n;

/** An amount of wei or gas. @throws MalformedAnswerError where it is none, or absurd */
export function amountOf(reading: Reading, fields: Fields, name: string): bigint {
  const amount = BigInt(reading.quantity(fields, name));
  if (amount >= AMOUNT_MAX) throw reading.fault(name, fields[name]);
  return amount;
}
