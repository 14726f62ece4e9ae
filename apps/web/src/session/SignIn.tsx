import type { ReactNode } from 'react';
import { endedBecause } from '../api/session.js';
import { useStore } from '../browser/store.js';
import { WalletChoice } from './WalletChoice.js';

/** Who it is, by a wallet's signature. What they may do the server knows. */
export function SignIn({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const ended = useStore(endedBecause);
  return (
    <main className="sign-in" id="main" tabIndex={-1}>
      <div className="sign-in-card">
        <span className="mark" aria-hidden="true">
          A
        </span>
        <h1>{title}</h1>
        <p>{children}</p>
        {ended === null ? null : (
          <p className="refused" role="status">
            {ended}
          </p>
        )}
        <WalletChoice />
      </div>
    </main>
  );
}
