import { keptForTab } from '../browser/kept.js';
import { createStore } from '../browser/store.js';
import { injectedWallets } from './wallets.js';
import type { Wallet } from './wallet.js';

const KEY = 'abland.wallet';

/** Development accounts as the API told them; none where it tells none. */
export const developmentWallets = createStore<readonly Wallet[]>([]);
/** The wallet that signed in, by its id: found again at the next visit of the tab. */
export const chosenWalletId = createStore<string | null>(keptForTab.get(KEY));

export function chooseWallet(wallet: Wallet | null): void {
  if (wallet === null) keptForTab.remove(KEY);
  else keptForTab.set(KEY, wallet.id);
  chosenWalletId.set(wallet?.id ?? null);
}

/** The wallet that signed in, where it is there; null: it was not found in this browser. */
export function chosenWallet(): Wallet | null {
  const id = chosenWalletId.get();
  return [...injectedWallets.get(), ...developmentWallets.get()].find((one) => one.id === id) ?? null;
}
