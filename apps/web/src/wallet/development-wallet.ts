import { callOf } from './injected-wallet.js';
import type { TransactionToSend, Wallet } from './wallet.js';

export interface DevelopmentAccount {
  readonly address: string;
  readonly privateKey: string;
}

/** Where the API passes on what a development wallet asks of the embedded chain. */
const CHAIN_PATH = '/development/chain';
const ANSWER_MS = 20_000;
/** Blocks may be fuller by the time that it is mined. */
const GAS_ROOM_PERCENT = 130n;

/** An account of the embedded chain, whose key everybody knows. What signs is loaded once it is needed. */
export const developmentWallet = ({ address, privateKey }: DevelopmentAccount): Wallet => ({
  ...{ id: `development-${address}`, name: `${address.slice(0, 6)}…${address.slice(-4)}` },
  ...{ icon: null, isDevelopment: true },
  connect: () => Promise.resolve(address),
  onChain: async (chainId) => {
    if (BigInt(String(await askChain('eth_chainId', []))) !== BigInt(chainId))
      throw new Error(`The embedded chain is not chain ${chainId}`);
  },
  sign: async (message) => (await signer(privateKey)).signMessage(message),
  signTyped: async ({ domain, message, types }) => {
    const { EIP712Domain: _, ...signed } = types as Record<string, never>;
    return (await signer(privateKey)).signTypedData(domain as object, signed, message as object);
  },
  send: (transaction) => send(transaction, address, privateKey),
  ask: askChain,
});

async function signer(privateKey: string) {
  const { Wallet: Signer } = await import('ethers/wallet');
  return new Signer(privateKey);
}

async function send(transaction: TransactionToSend, from: string, privateKey: string): Promise<string> {
  const call = callOf(transaction, from);
  const [nonce, gas, price] = await Promise.all([
    askChain('eth_getTransactionCount', [from, 'pending']),
    askChain('eth_estimateGas', [call]),
    askChain('eth_gasPrice', []),
  ]);
  const gasPrice = BigInt(String(price)) * 2n;
  const signed = await (
    await signer(privateKey)
  ).signTransaction({
    ...{ type: 2, chainId: transaction.chainId, nonce: Number(nonce) },
    ...{ to: transaction.to, data: transaction.data, value: BigInt(transaction.value) },
    gasLimit: (BigInt(String(gas)) * GAS_ROOM_PERCENT) / 100n,
    ...{ maxFeePerGas: gasPrice, maxPriorityFeePerGas: gasPrice / 2n },
  });
  return String(await askChain('eth_sendRawTransaction', [signed]));
}

let asked = 0;

async function askChain(method: string, params: readonly unknown[]): Promise<unknown> {
  const response = await fetch(CHAIN_PATH, {
    ...{ method: 'POST', headers: { 'content-type': 'application/json' } },
    body: JSON.stringify({ jsonrpc: '2.0', id: (asked += 1), method, params }),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const answer = (await response.json()) as { readonly result?: unknown; readonly error?: ChainError };
  if (answer.error === undefined && answer.result !== undefined) return answer.result;
  throw Object.assign(new Error(answer.error?.message ?? 'The chain did not answer'), {
    ...{ code: answer.error?.code, data: answer.error?.data },
  });
}

interface ChainError {
  readonly code?: number;
  readonly message?: string;
  readonly data?: unknown;
}
