import { createStore } from '../browser/store.js';

/** Whether one is asked for a wallet to sign in with. */
export const connectIsOpen = createStore(false);
