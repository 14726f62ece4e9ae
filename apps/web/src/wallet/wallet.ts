/** What is to be signed and sent, as the API prepared it: nonce, gas and fees are the wallet's own. */
export interface TransactionToSend {
  readonly chainId: number;
  readonly to: string;
  readonly data: string;
  /** Wei, decimal. */
  readonly value: string;
}

/** EIP-712 typed data as `eth_signTypedData_v4` takes it. */
export interface TypedData {
  readonly domain: unknown;
  readonly types: unknown;
  readonly primaryType: string;
  readonly message: unknown;
}

/** What signs: an extension of the browser, or a development account. */
export interface Wallet {
  /** The same at each visit: by it a session finds its wallet again. */
  readonly id: string;
  readonly name: string;
  /** A data URI; null: none. */
  readonly icon: string | null;
  /** Whether everybody knows its key. */
  readonly isDevelopment: boolean;
  /** Asks the person for an account. @throws where they decline */
  connect(): Promise<string>;
  /** Is on this chain, or goes there, which the person may be asked for. @throws where it is not */
  onChain(chainId: number): Promise<void>;
  /** Signs a text by `personal_sign`. @throws where they decline */
  sign(message: string, address: string): Promise<string>;
  /** @throws where they decline */
  signTyped(data: TypedData, address: string): Promise<string>;
  /** Signs and sends on the transaction's chain, and tells the hash once it is sent. @throws where they decline, or the chain does not take it */
  send(transaction: TransactionToSend, address: string): Promise<string>;
  /** Asks the chain by the wallet's own provider, for what needs no signature. @throws where it does not answer */
  ask(method: string, params: readonly unknown[]): Promise<unknown>;
}

/** A wallet's word for a person who said no (EIP-1193). */
const DECLINED = 4001;

export function wasDeclined(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code } = error as { readonly code?: unknown };
  return code === DECLINED || code === 'ACTION_REJECTED';
}
