import { hexNumber, hexText } from './hex.js';
import type { TransactionToSend, TypedData, Wallet } from './wallet.js';

/** What a wallet of the browser offers (EIP-1193). */
export interface Provider {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

export interface Announced {
  readonly info: {
    readonly uuid: string;
    readonly name: string;
    readonly icon: string;
    readonly rdns: string;
  };
  readonly provider: Provider;
}

/** What an extension says of itself (EIP-6963), parsed; null where it is nothing that one could ask. */
export function announcedOf(detail: unknown): Announced | null {
  if (!isRecord(detail) || !isRecord(detail['info']) || !isRecord(detail['provider'])) return null;
  const { icon, name, rdns, uuid } = detail['info'];
  const { provider } = detail;
  if (typeof uuid !== 'string' || typeof name !== 'string' || typeof provider['request'] !== 'function')
    return null;
  return {
    info: {
      ...{ uuid, name: name.slice(0, 60) },
      icon: typeof icon === 'string' ? icon : '',
      rdns: typeof rdns === 'string' && rdns !== '' ? rdns : uuid,
    },
    provider: provider as unknown as Provider,
  };
}

/** What the word of EIP-712 for its own domain is derived from, which `eth_signTypedData_v4` wants told. */
const DOMAIN_TYPES = [
  ['name', 'string'],
  ['version', 'string'],
  ['chainId', 'uint256'],
  ['verifyingContract', 'address'],
  ['salt', 'bytes32'],
] as const;

/** Another chain than the one that is asked for is shown by the wallet. */
const UNKNOWN_CHAIN = 4902;

export const injectedWallet = ({ info: { icon, name, rdns }, provider }: Announced): Wallet => ({
  ...{ id: rdns, name, isDevelopment: false },
  // Only a picture that is in the announcement itself: nothing is fetched from anywhere.
  icon: icon.startsWith('data:image/') ? icon : null,
  async connect() {
    const accounts = await provider.request({ method: 'eth_requestAccounts' });
    const [first] = Array.isArray(accounts) ? (accounts as readonly unknown[]) : [];
    if (typeof first !== 'string') throw new Error(`${name} gave no account`);
    return first;
  },
  onChain: (chainId) => goToChain(provider, chainId),
  sign: async (message, address) =>
    hexOf(await provider.request({ method: 'personal_sign', params: [hexText(message), address] }), name),
  signTyped: async (data, address) =>
    hexOf(
      await provider.request({
        method: 'eth_signTypedData_v4',
        params: [address, JSON.stringify(withDomainType(data))],
      }),
      name,
    ),
  async send(transaction, address) {
    await goToChain(provider, transaction.chainId);
    const sent = await provider.request({
      method: 'eth_sendTransaction',
      // The wallet holds it against the chain that it is on by then.
      params: [{ ...callOf(transaction, address), chainId: hexNumber(BigInt(transaction.chainId)) }],
    });
    return hexOf(sent, name);
  },
  ask: (method, params) => provider.request({ method, params }),
});

/** A call as JSON-RPC has it. */
export const callOf = ({ data, to, value }: TransactionToSend, from: string) => ({
  ...{ from, to, data },
  value: hexNumber(BigInt(value)),
});

async function goToChain(provider: Provider, chainId: number): Promise<void> {
  const wanted = hexNumber(BigInt(chainId));
  if (await isOn(provider, chainId)) return;
  try {
    await provider.request({ method: 'wallet_switchEthereumChain', params: [{ chainId: wanted }] });
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code !== UNKNOWN_CHAIN) throw error;
    throw new Error(`Your wallet does not know chain ${chainId}: add it there first`, { cause: error });
  }
  if (!(await isOn(provider, chainId))) throw new Error(`Your wallet is not on chain ${chainId}`);
}

async function isOn(provider: Provider, chainId: number): Promise<boolean> {
  const told = await provider.request({ method: 'eth_chainId' });
  return typeof told === 'string' && /^0x[0-9a-f]+$/i.test(told) && BigInt(told) === BigInt(chainId);
}

function withDomainType({ domain, message, primaryType, types }: TypedData): unknown {
  const given = isRecord(domain) ? domain : {};
  const own = isRecord(types) ? types : {};
  const domainType = DOMAIN_TYPES.filter(([name]) => given[name] !== undefined);
  return {
    ...{ domain, message, primaryType },
    types: { EIP712Domain: domainType.map(([name, type]) => ({ name, type })), ...own },
  };
}

function hexOf(answer: unknown, name: string): string {
  if (typeof answer === 'string' && /^0x[0-9a-fA-F]+$/.test(answer)) return answer;
  throw new Error(`${name} answered with what is neither a signature nor a hash`);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null;
