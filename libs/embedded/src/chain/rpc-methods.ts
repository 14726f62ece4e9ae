import type { EthereumProvider } from 'hardhat/types/providers';
import { RpcError } from './errors.js';
import type { JournaledChain } from './journaled-chain.js';

/** Methods that change nothing that a restart would have to bring back. */
const READ_METHODS: ReadonlySet<string> = new Set([
  'debug_traceCall',
  'debug_traceTransaction',
  'eth_accounts',
  'eth_blockNumber',
  'eth_call',
  'eth_chainId',
  'eth_coinbase',
  'eth_estimateGas',
  'eth_feeHistory',
  'eth_gasPrice',
  'eth_getBalance',
  'eth_getBlockByHash',
  'eth_getBlockByNumber',
  'eth_getBlockTransactionCountByHash',
  'eth_getBlockTransactionCountByNumber',
  'eth_getCode',
  'eth_getFilterChanges',
  'eth_getFilterLogs',
  'eth_getLogs',
  'eth_getProof',
  'eth_getStorageAt',
  'eth_getTransactionByBlockHashAndIndex',
  'eth_getTransactionByBlockNumberAndIndex',
  'eth_getTransactionByHash',
  'eth_getTransactionCount',
  'eth_getTransactionReceipt',
  'eth_maxPriorityFeePerGas',
  'eth_newBlockFilter',
  'eth_newFilter',
  'eth_newPendingTransactionFilter',
  'eth_pendingTransactions',
  'eth_sign',
  'eth_signTypedData_v4',
  'eth_syncing',
  'eth_uninstallFilter',
  'net_listening',
  'net_peerCount',
  'net_version',
  'personal_sign',
  'web3_clientVersion',
  'web3_sha3',
]);

export type RpcParams = readonly unknown[];
export type RpcHandler = (method: string, params: RpcParams) => Promise<unknown>;

const quantity = (value: number): string => `0x${value.toString(16)}`;

/** A number, or a quantity in hexadecimal or decimal text. */
function parseSeconds(value: unknown): number {
  const seconds = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof seconds !== 'number' || !Number.isSafeInteger(seconds)) {
    throw new RpcError(-32602, 'Expected whole seconds');
  }
  return seconds;
}

function parseText(value: unknown, name: string): string {
  if (typeof value !== 'string') throw new RpcError(-32602, `Expected ${name} as text`);
  return value;
}

/** Receipts of a block in order; the EVM only has them one by one. */
async function blockReceipts(provider: EthereumProvider, params: RpcParams): Promise<unknown> {
  const tag = parseText(params[0], 'a block number, tag or hash');
  const method = tag.length === 66 ? 'eth_getBlockByHash' : 'eth_getBlockByNumber';
  const block = (await provider.request({ method, params: [tag, false] })) as {
    readonly transactions: readonly string[];
  } | null;
  if (block === null) return null;
  return Promise.all(
    block.transactions.map((hash) =>
      provider.request({ method: 'eth_getTransactionReceipt', params: [hash] }),
    ),
  );
}

/** The EVM takes `safe` and `finalized` for the newest block; here they are the newest block that is final by depth. */
function withFinality(params: RpcParams, finalNumber: number): RpcParams {
  return params.map((param) => (param === 'safe' || param === 'finalized' ? quantity(finalNumber) : param));
}

/**
 * Answers JSON-RPC: reads go to the EVM, changes through the journal, everything else is refused, because a change that
 * is not in the journal would be gone after a restart.
 */
export function createRpcHandler(
  provider: EthereumProvider,
  chain: JournaledChain,
  finalityDepth: number,
): RpcHandler {
  return async (method, params) => {
    switch (method) {
      case 'eth_sendRawTransaction':
        return chain.submitTransaction(parseText(params[0], 'a raw transaction'));
      case 'evm_mine': {
        await chain.mine(params[0] === undefined ? undefined : parseSeconds(params[0]));
        return '0x0';
      }
      case 'evm_increaseTime':
        return String(await chain.increaseTime(parseSeconds(params[0])));
      case 'evm_snapshot':
        return chain.snapshot();
      case 'evm_revert':
        return chain.revert(parseText(params[0], 'a snapshot id'));
      case 'eth_getBlockReceipts':
        return blockReceipts(provider, params);
      case 'eth_sendTransaction':
        throw new RpcError(
          -32601,
          'eth_sendTransaction is not offered: sign it and use eth_sendRawTransaction',
        );
    }
    if (!READ_METHODS.has(method)) {
      throw new RpcError(-32601, `${method} is not offered by the embedded chain`);
    }
    const finalNumber = Math.max(0, chain.state.head.number - finalityDepth);
    return provider.request({ method, params: withFinality(params, finalNumber) });
  };
}
