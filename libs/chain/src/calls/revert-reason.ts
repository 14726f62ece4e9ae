import { AbiCoder, type Interface } from 'ethers';
import type { HexData } from '@abland/domain';
import { INTERFACES } from '../contracts/interfaces.js';

const ERROR_STRING = '0x08c379a0';
const PANIC = '0x4e487b71';

/** A contract may revert with any text; what stays in the log of it is enough for a person. */
const REASON_LENGTH_MAX = 500;

/**
 * What a contract reverted with, as text: `PoolExists(0x…)`, a string, or the raw data of an error that is not ours. Short,
 * well-formed and in one line, whatever the contract says.
 */
export function describeRevert(data: HexData): string {
  return nameOfRevert(data)
    .replace(/\p{Cc}+/gu, ' ')
    .slice(0, REASON_LENGTH_MAX)
    .toWellFormed();
}

function nameOfRevert(data: HexData): string {
  if (data === '0x') return 'reverted without a reason';
  if (data.startsWith(ERROR_STRING)) return decodeOne('string', data);
  if (data.startsWith(PANIC)) return `Panic(${decodeOne('uint256', data)})`;
  for (const contract of Object.values<Interface>(INTERFACES)) {
    const error = contract.parseError(data);
    if (error !== null) return `${error.name}(${error.args.map(String).join(', ')})`;
  }
  return `unknown error ${data.slice(0, 266)}`;
}

function decodeOne(type: 'string' | 'uint256', data: HexData): string {
  try {
    return String(AbiCoder.defaultAbiCoder().decode([type], `0x${data.slice(10)}`)[0]);
  } catch {
    return `malformed error ${data.slice(0, 266)}`;
  }
}
