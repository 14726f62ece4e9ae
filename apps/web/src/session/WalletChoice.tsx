import { useEffect, useState } from 'react';
import { useClient } from 'urql';
import { useAsked } from '../api/asked.js';
import { DevelopmentAccountsDocument } from '../api/operations.gen.js';
import { useStore } from '../browser/store.js';
import { Icon } from '../ui/icons.js';
import { developmentWallet } from '../wallet/development-wallet.js';
import { developmentWallets } from '../wallet/own-wallet.js';
import type { Wallet } from '../wallet/wallet.js';
import { injectedWallets } from '../wallet/wallets.js';
import { signIn } from './sign-in.js';

/** Asks the API for development accounts, where it has any: a wallet that signed in before is found again by that. */
export function useDevelopmentWallets(): readonly Wallet[] {
  const { data } = useAsked({ document: DevelopmentAccountsDocument, variables: {}, version: '' });
  useEffect(() => {
    if (data !== undefined) developmentWallets.set(data.developmentAccounts.map(developmentWallet));
  }, [data]);
  return useStore(developmentWallets);
}

export interface WalletWords {
  readonly none: string;
  readonly developmentTitle: string;
  readonly developmentAbout: string;
  readonly developmentName: (short: string) => string;
  readonly waiting: string;
}

const ENGLISH: WalletWords = {
  none: 'No wallet is installed in this browser. One that tells of itself (EIP-6963) appears here.',
  developmentTitle: 'Development accounts',
  developmentAbout:
    'Everybody knows their keys. They are here because every part of this system is embedded.',
  developmentName: (short) => `Development account ${short}`,
  waiting: 'Waiting for the signature…',
};

/** The wallets that there are, to sign in with one of them. */
export function WalletChoice({
  onSignedIn,
  words = ENGLISH,
}: {
  readonly onSignedIn?: () => void;
  readonly words?: WalletWords;
}) {
  const client = useClient();
  const injected = useStore(injectedWallets);
  const development = useDevelopmentWallets();
  const [busy, setBusy] = useState<string | null>(null);
  const [refused, setRefused] = useState<string | null>(null);

  const choose = async (wallet: Wallet): Promise<void> => {
    setBusy(wallet.id);
    setRefused(null);
    try {
      await signIn(client, wallet);
      onSignedIn?.();
    } catch (error) {
      setRefused(error instanceof Error ? error.message : `${wallet.name} did not sign`);
      setBusy(null);
    }
  };
  const button = (wallet: Wallet) => (
    <button
      key={wallet.id}
      type="button"
      className="wallet"
      disabled={busy !== null}
      onClick={() => void choose(wallet)}
    >
      {wallet.icon === null ? (
        <Icon name="wallet" size={22} />
      ) : (
        <img src={wallet.icon} alt="" width={22} height={22} />
      )}
      <span>
        {busy === wallet.id
          ? words.waiting
          : wallet.isDevelopment
            ? words.developmentName(wallet.name)
            : wallet.name}
      </span>
      <Icon name="arrow" size={16} />
    </button>
  );
  return (
    <>
      <div className="wallets">
        {injected.map(button)}
        {injected.length > 0 ? null : <p className="no-wallet">{words.none}</p>}
      </div>
      {development.length === 0 ? null : (
        <section className="wallets">
          <h2>{words.developmentTitle}</h2>
          <p>{words.developmentAbout}</p>
          {development.map(button)}
        </section>
      )}
      {refused === null ? null : (
        <p className="refused" role="alert">
          {refused}
        </p>
      )}
    </>
  );
}
