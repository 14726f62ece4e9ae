import { solidityPackedKeccak256 } from 'ethers';
import { sortTokens } from '@abland/domain';

/** The id of the pool of two tokens, in either order, whether it is there or not. @throws DomainError IDENTICAL_TOKENS */
export function poolIdOf(tokenX: string, tokenY: string, field?: string): string {
  const { tokenA, tokenB } = sortTokens(tokenX, tokenY, field);
  return solidityPackedKeccak256(['address', 'address'], [tokenA, tokenB]);
}
