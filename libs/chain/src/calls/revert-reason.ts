import { AbiCoder, type Interface } from 'ethers';
import type { HexData } from '@abland/domain';
import { ABForwarder__factory } from '../contracts/generated/factories/ABForwarder__factory.gen.js';
import { ABGovernance__factory } from '../contracts/generated/factories/ABGovernance__factory.gen.js';
import { ABLiquidityManager__factory } from '../contracts/generated/factories/ABLiquidityManager__factory.gen.js';
import { ABTimelock__factory } from '../contracts/generated/factories/ABTimelock__factory.gen.js';
import { ABToken__factory } from '../contracts/generated/factories/ABToken__factory.gen.js';
import { ABTokenFactory__factory } from '../contracts/generated/factories/ABTokenFactory__factory.gen.js';

const ERROR_STRING = '0x08c379a0';
const PANIC = '0x4e487b71';

const INTERFACES: readonly Interface[] = [
  ABLiquidityManager__factory.createInterface(),
  ABTokenFactory__factory.createInterface(),
  ABToken__factory.createInterface(),
  ABForwarder__factory.createInterface(),
  ABGovernance__factory.createInterface(),
  ABTimelock__factory.createInterface(),
];

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
  for (const contract of INTERFACES) {
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
