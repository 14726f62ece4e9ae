import { createStore } from '../browser/store.js';

/** What signs: an extension of the browser, or a development account. */
export interface Wallet {
  readonly id: string;
  readonly name: string;
  /** A data URI; null: none. */
  readonly icon: string | null;
  /** Asks the person for an account. @throws where they decline */
  connect(): Promise<string>;
  /** Signs a text by `personal_sign`. @throws where they decline */
  sign(message: string, address: string): Promise<string>;
}

interface Provider {
  request(call: { readonly method: string; readonly params?: readonly unknown[] }): Promise<unknown>;
}

interface Announced {
  readonly info: {
    readonly uuid: string;
    readonly name: string;
    readonly icon: string;
    readonly rdns: string;
  };
  readonly provider: Provider;
}

/** Extensions that said that they are there (EIP-6963), in the order in which they did. */
export const injectedWallets = createStore<readonly Wallet[]>([]);

/** Asks them once; they may answer at any time. */
export function discoverWallets(): void {
  window.addEventListener('eip6963:announceProvider', (event) => {
    const { info, provider } = (event as CustomEvent<Announced>).detail;
    if (injectedWallets.get().some(({ id }) => id === info.uuid)) return;
    injectedWallets.set([...injectedWallets.get(), injected(info, provider)]);
  });
  window.dispatchEvent(new Event('eip6963:requestProvider'));
}

const injected = ({ icon, name, uuid }: Announced['info'], provider: Provider): Wallet => ({
  ...{ id: uuid, name },
  // Only a picture that is in the announcement itself: nothing is fetched from anywhere.
  icon: icon.startsWith('data:image/') ? icon : null,
  async connect() {
    const accounts = (await provider.request({ method: 'eth_requestAccounts' })) as readonly string[];
    const [first] = accounts;
    if (first === undefined) throw new Error(`${name} gave no account`);
    return first;
  },
  sign: async (message, address) =>
    String(await provider.request({ method: 'personal_sign', params: [hexOf(message), address] })),
});

const hexOf = (text: string): string =>
  `0x${[...new TextEncoder().encode(text)].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`;
