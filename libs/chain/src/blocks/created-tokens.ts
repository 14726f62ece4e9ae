import type { HexData } from '@abland/domain';
import { id } from 'ethers';
import type { BlockLog } from './chain-block.js';

const TOKEN_CREATED = id('TokenCreated(address,address,string,string,uint256)');

/** The tokens that a factory creates by these logs, in lower case as the factory is. */
export function createdTokens(
  logs: readonly Pick<BlockLog, 'address' | 'topics'>[],
  factory: HexData,
): readonly HexData[] {
  const tokens: HexData[] = [];
  for (const { address, topics } of logs) {
    if (address !== factory) continue;
    const [event, token] = topics;
    if (event === TOKEN_CREATED && token !== undefined) tokens.push(`0x${token.slice(-40)}`);
  }
  return tokens;
}
