import { useState } from 'react';
import { useClient } from 'urql';
import { useAsked } from '../api/asked.js';
import { DevelopmentAccountsDocument } from '../api/operations.gen.js';
import { useStore } from '../browser/store.js';
import { Icon } from '../ui/icons.js';
import { endedBecause } from '../api/session.js';
import { developmentWallet, signIn } from './sign-in.js';
import { injectedWallets, type Wallet } from './wallets.js';

/** Who it is, by a wallet's signature. What they may do the server knows. */
export function SignIn() {
  const client = useClient();
  const injected = useStore(injectedWallets);
  const ended = useStore(endedBecause);
  const { data } = useAsked({ document: DevelopmentAccountsDocument, variables: {}, version: '' });
  const [busy, setBusy] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);
  const development = (data?.developmentAccounts ?? []).map(developmentWallet);

  const choose = async (wallet: Wallet): Promise<void> => {
    setBusy(wallet.id);
    setRefused(null);
    try {
      await signIn(client, wallet);
    } catch (error) {
      setRefused(error instanceof Error ? error.message : `${wallet.name} did not sign`);
      setBusy(null);
    }
  };

  return (
    <main className="sign-in">
      <div className="sign-in-card">
        <span className="mark" aria-hidden="true">
          A
        </span>
        <h1>AB.LAND operations</h1>
        <p>Sign in with the wallet of an operator. You sign a text: it sends nothing and costs nothing.</p>
        {ended === null ? null : (
          <p className="refused" role="status">
            {ended}
          </p>
        )}
        <div className="wallets">
          {injected.map((wallet) => (
            <WalletButton key={wallet.id} wallet={wallet} busy={busy} onChoose={choose} />
          ))}
          {injected.length > 0 ? null : (
            <p className="no-wallet">
              No wallet is installed in this browser. One that tells of itself (EIP-6963) appears here.
            </p>
          )}
        </div>
        {development.length === 0 ? null : (
          <section className="wallets">
            <h2>Development accounts</h2>
            <p>Everybody knows their keys. They are here because every part of this system is embedded.</p>
            {development.map((wallet) => (
              <WalletButton key={wallet.id} wallet={wallet} busy={busy} onChoose={choose} />
            ))}
          </section>
        )}
        {refused === null ? null : (
          <p className="refused" role="alert">
            {refused}
          </p>
        )}
      </div>
    </main>
  );
}

function WalletButton(props: {
  readonly wallet: Wallet;
  readonly busy: string | null;
  readonly onChoose: (wallet: Wallet) => Promise<void>;
}) {
  const { busy, onChoose, wallet } = props;
  return (
    <button type="button" className="wallet" disabled={busy !== null} onClick={() => void onChoose(wallet)}>
      {wallet.icon === null ? (
        <Icon name="acts" size={22} />
      ) : (
        <img src={wallet.icon} alt="" width={22} height={22} />
      )}
      <span>{busy === wallet.id ? 'Waiting for the signature…' : wallet.name}</span>
      <Icon name="arrow" size={16} />
    </button>
  );
}
