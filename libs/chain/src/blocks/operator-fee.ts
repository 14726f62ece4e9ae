import type { Fields, Reading } from '../rpc/reading.js';
import { amountOf, type DataFeeTold } from './data-fee-field.js';

/** Of the scalar, until Jovian. */
const PER_GAS_PARTS = 1_000_000n;
/** Of the scalar, from Jovian on. */
const PER_GAS_TIMES = 100n;

/**
 * What a transaction paid beside gas and data to who operates its OP stack chain, in wei, by its receipt's fields; 0 where it has none
 * of them, as a deposit from the chain below, which pays nothing here. The rule of Jovian holds where a receipt has the one field that
 * came with it. Source: https://specs.optimism.io/protocol/isthmus/exec-engine.html#operator-fee and .../jovian/exec-engine.html
 * @throws MalformedAnswerError where one of the fields is no amount
 */
export function operatorFeeOf(reading: Reading, receipt: Fields, dataFee: DataFeeTold): bigint {
  if (dataFee === 'NONE') return 0n;
  const amount = (name: string): bigint => (has(receipt, name) ? amountOf(reading, receipt, name) : 0n);
  const [scalar, constant] = [amount('operatorFeeScalar'), amount('operatorFeeConstant')];
  if (scalar === 0n) return constant;
  const scaled = scalar * amountOf(reading, receipt, 'gasUsed');
  return constant + (has(receipt, 'daFootprintGasScalar') ? scaled * PER_GAS_TIMES : scaled / PER_GAS_PARTS);
}

const has = (receipt: Fields, name: string): boolean => (receipt[name] ?? null) !== null;
