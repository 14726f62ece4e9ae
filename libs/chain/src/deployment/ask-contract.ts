import { Interface } from 'ethers';
import type { ChainRpc } from '../rpc/chain-rpc.js';
import { RpcResponseError } from '../rpc/errors.js';

/** By what our contracts name each other, and are known; asked of somebody, or of something, where they ask of one. */
const FUNCTIONS = {
  liquidityManager: ['function liquidityManager() view returns (address)'],
  tokenFactory: ['function tokenFactory() view returns (address)'],
  router: ['function router() view returns (address)'],
  trustedForwarder: ['function trustedForwarder() view returns (address)'],
  timelock: ['function timelock() view returns (address)'],
  token: ['function token() view returns (address)'],
  getMinDelay: ['function getMinDelay() view returns (uint256)'],
  CLOCK_MODE: ['function CLOCK_MODE() view returns (string)'],
  nonces: ['function nonces(address) view returns (uint256)', `0x${'0'.repeat(39)}1`],
  getVotes: ['function getVotes(address) view returns (uint256)', `0x${'0'.repeat(39)}1`],
  treeHeadCount: ['function treeHeadCount(bytes32) view returns (uint256)', `0x${'0'.repeat(64)}`],
} as const satisfies Readonly<Record<string, readonly [signature: string, argument?: string]>>;

export type ContractFunction = keyof typeof FUNCTIONS;

const INTERFACE = new Interface(Object.values(FUNCTIONS).map(([signature]) => signature));

/** What a contract says now; null where it has no such function. @throws as ChainRpc.request */
export async function askContract(
  rpc: ChainRpc,
  to: string,
  name: ContractFunction,
): Promise<{ readonly value: unknown } | null> {
  const [, ...given] = FUNCTIONS[name];
  const data = INTERFACE.encodeFunctionData(name, given);
  try {
    const answer = await rpc.request('eth_call', { to, data }, 'latest');
    return { value: INTERFACE.decodeFunctionResult(name, String(answer))[0] };
  } catch (error) {
    if (isNoAnswer(error)) return null;
    throw error;
  }
}

/** A contract without the function reverts, or gives nothing that can be read. */
function isNoAnswer(error: unknown): boolean {
  if (error instanceof RpcResponseError) return error.rpcCode === 3 || /revert/i.test(error.message);
  return (error as { code?: unknown }).code === 'BAD_DATA';
}
