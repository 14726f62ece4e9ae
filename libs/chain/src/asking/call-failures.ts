import { RpcResponseError } from '../rpc/errors.js';
import { isRevert } from '../rpc/reverts.js';

/** How nodes say that a contract's own code failed (Geth, Erigon, Nethermind, Besu, Reth, Hardhat, anvil), under any code. */
const OF_CONTRACT: readonly RegExp[] = [
  /VM exception|VM execution error|EVM error|execution (failed|error)/i,
  /out ?of ?gas|gas (uint64 )?overflow|gas required exceeds|intrinsic gas too low/i,
  /(invalid|bad|undefined|unrecognized) ?(opcode|instruction|jump|code)|opcode 0x[0-9a-f]+ not defined|InvalidFEOpcode/i,
  /stack ?(underflow|overflow|limit)|write protection|static ?(call )?(state )?(change|violation)|return data out of bounds/i,
  /(max )?call depth exceeded|memory limit|contract creation code storage/i,
];

/** How they say that they no longer have the state of a block that old. */
const OF_FORGOTTEN_STATE =
  /missing trie node|pruned|archive|historical state|state .*(not |un)available|(no|required) .*state|distance to target block/i;

/** How they say that they take no block by its hash (EIP-1898). */
const OF_FORM =
  /invalid (argument|param|type|request|block)|unmarshal|expected .*string|malformed|deserializ/i;
const INVALID_PARAMS = -32602;

/**
 * CONTRACT: the answer of the contract, the same of every node. FORGOTTEN: not of this state. FORM: not where the block is named
 * like this. PROVIDER: its own affair.
 */
export type CallFailure = 'CONTRACT' | 'FORGOTTEN' | 'FORM' | 'PROVIDER';

/** Whose failure a call's failure is. A contract chooses the words of its revert, so that those are looked for first. */
export function callFailureOf(error: unknown): CallFailure {
  if (!(error instanceof RpcResponseError)) return 'PROVIDER';
  const { message, rpcCode } = error;
  if (isRevert(rpcCode, message) || OF_CONTRACT.some((words) => words.test(message))) return 'CONTRACT';
  if (OF_FORGOTTEN_STATE.test(message)) return 'FORGOTTEN';
  return rpcCode === INVALID_PARAMS || OF_FORM.test(message) ? 'FORM' : 'PROVIDER';
}
