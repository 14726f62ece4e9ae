import type { HardhatEthers } from '@nomicfoundation/hardhat-ethers/types';
import { id } from 'ethers';

const WORD = 64;
const ROW_TYPE = '(uint256[5][])';
const OUTCOME_WORDS = 5;

export type Row = readonly [bigint, bigint, bigint, bigint, bigint];

export interface Outcome {
  /** The selector of the error that refused the row, or null. */
  readonly refusal: string | null;
  readonly amounts: readonly bigint[];
}

const word = (value: bigint): string => value.toString(16).padStart(WORD, '0');

/**
 * Calls a function of ArithmeticBatches for many rows at once. Encoded and decoded here, because a general codec takes
 * fifty times as long as the arithmetic for arrays of this size.
 */
export async function callBatch(
  ethers: HardhatEthers,
  address: string,
  name: string,
  rows: readonly Row[],
): Promise<Outcome[]> {
  const selector = id(`${name}${ROW_TYPE}`).slice(0, 10);
  const data = `${selector}${word(32n)}${word(BigInt(rows.length))}${rows.flat().map(word).join('')}`;
  const result = String(await ethers.provider.send('eth_call', [{ to: address, data }, 'latest']));
  const words = (result.slice(2).match(/.{64}/g) ?? []).slice(2);
  return rows.map((_, index) => {
    const [refusal = '', ...amounts] = words.slice(index * OUTCOME_WORDS, (index + 1) * OUTCOME_WORDS);
    return {
      refusal: /^0+$/.test(refusal) ? null : `0x${refusal.slice(0, 8)}`,
      amounts: amounts.map((amount) => BigInt(`0x${amount}`)),
    };
  });
}
