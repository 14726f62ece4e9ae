import type { Interface } from 'ethers';
import { INTERFACES } from '../contracts/interfaces.js';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { RpcResponseError } from '../rpc/errors.js';
import { isRevert } from '../rpc/reverts.js';

/** By what our contracts name each other, and are known: who has the function, and of what it is asked, where it asks of one. */
const FUNCTIONS = {
  liquidityManager: [INTERFACES.ABRouter],
  tokenFactory: [INTERFACES.ABLiquidityManager],
  router: [INTERFACES.ABLiquidityManager],
  trustedForwarder: [INTERFACES.ABRouter],
  timelock: [INTERFACES.ABGovernance],
  token: [INTERFACES.ABGovernance],
  getMinDelay: [INTERFACES.ABTimelock],
  CLOCK_MODE: [INTERFACES.ABGovernance],
  nonces: [INTERFACES.ABForwarder, `0x${'0'.repeat(39)}1`],
  getVotes: [INTERFACES.ABToken, `0x${'0'.repeat(39)}1`],
  treeHeadCount: [INTERFACES.ABCheckpoint, `0x${'0'.repeat(64)}`],
} as const satisfies Readonly<Record<string, readonly [contract: Interface, argument?: string]>>;

export type ContractFunction = keyof typeof FUNCTIONS;

/** What a contract says now; null where it has no such function. @throws as ChainRpc.request */
export async function askContract(
  rpc: ChainRpc,
  to: string,
  name: ContractFunction,
): Promise<{ readonly value: unknown } | null> {
  const [contract, ...given]: readonly [Interface, string?] = FUNCTIONS[name];
  const data = contract.encodeFunctionData(name, given);
  try {
    const answer = await rpc.request('eth_call', { to, data }, 'latest');
    return { value: contract.decodeFunctionResult(name, String(answer))[0] };
  } catch (error) {
    if (isNoAnswer(error)) return null;
    throw error;
  }
}

/** A contract without the function reverts, or gives nothing that can be read. */
function isNoAnswer(error: unknown): boolean {
  if (error instanceof RpcResponseError) return isRevert(error.rpcCode, error.message);
  return (error as { code?: unknown }).code === 'BAD_DATA';
}
