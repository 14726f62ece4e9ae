import { createStore } from '../browser/store.js';
import { announcedOf, injectedWallet } from './injected-wallet.js';
import type { Wallet } from './wallet.js';

/** Extensions that said that they are there (EIP-6963), in the order in which they did. */
export const injectedWallets = createStore<readonly Wallet[]>([]);
/** More than anybody has installed: who announces without end is not heard. */
const WALLETS_MAX = 32;

/** Asks them once; they may answer at any time. */
export function discoverWallets(): void {
  window.addEventListener('eip6963:announceProvider', (event) => {
    const announced = announcedOf((event as CustomEvent<unknown>).detail);
    const known = injectedWallets.get();
    if (announced === null || known.length >= WALLETS_MAX) return;
    const wallet = injectedWallet(announced);
    if (known.some(({ id }) => id === wallet.id)) return;
    injectedWallets.set([...known, wallet]);
  });
  window.dispatchEvent(new Event('eip6963:requestProvider'));
}
