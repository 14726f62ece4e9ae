import { useState } from 'react';
import { useClient } from 'urql';
import { endedBecause, session } from '../api/session.js';
import { useStore } from '../browser/store.js';
import { shortId } from '../format/numbers.js';
import { useWords } from '../messages/language.js';
import { Dialog } from '../ui/Dialog.js';
import { Icon } from '../ui/icons.js';
import { Link } from '../ui/Link.js';
import { connectIsOpen } from './connect.js';
import { signOut } from './sign-in.js';
import { useDevelopmentWallets, WalletChoice } from './WalletChoice.js';

/** Who is signed in, or how one signs in. */
export function Account() {
  const who = useStore(session);
  const isOpen = useStore(connectIsOpen);
  const { account: words } = useWords();
  return (
    <>
      {who === null ? (
        <button type="button" className="main connect" onClick={() => connectIsOpen.set(true)}>
          <Icon name="wallet" size={16} />
          {words.connect}
        </button>
      ) : (
        <Menu address={who.address} />
      )}
      {isOpen && who === null ? <Connect /> : null}
    </>
  );
}

function Connect() {
  const { account: words } = useWords();
  const ended = useStore(endedBecause);
  const close = (): void => connectIsOpen.set(false);
  return (
    <Dialog title={words.connectTitle} onClose={close}>
      <p className="dialog-about">{ended ?? words.connectAbout}</p>
      <WalletChoice onSignedIn={close} words={words.wallets} />
      <p className="dialog-foot">{words.connectFoot}</p>
    </Dialog>
  );
}

function Menu({ address }: { readonly address: string }) {
  const client = useClient();
  const { account: words } = useWords();
  const [isOpen, setOpen] = useState(false);
  useDevelopmentWallets(); // a wallet that signed in before is found again
  return (
    <div
      className="menu"
      onBlur={(event) => {
        if (!event.currentTarget.contains(event.relatedTarget)) setOpen(false);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') setOpen(false);
      }}
    >
      <button
        type="button"
        className="account"
        aria-expanded={isOpen}
        aria-label={`${words.yours}: ${shortId(address, 6, 4)}`}
        onClick={() => setOpen(!isOpen)}
      >
        <span className="dot" data-tone="good" aria-hidden="true" />
        <code>{shortId(address, 6, 4)}</code>
        <Icon name="down" size={14} />
      </button>
      {isOpen ? (
        <ul className="menu-list" onClick={() => setOpen(false)}>
          {(
            [
              ['/portfolio', words.portfolio],
              ['/orders', words.orders],
              ['/profile', words.profile],
              ['/admin', words.admin],
              ['/audit', words.audit],
              ['/ops', words.operations],
            ] as const
          ).map(([path, name]) => (
            <li key={path}>
              <Link to={path}>{name}</Link>
            </li>
          ))}
          <li>
            <button type="button" onClick={() => void signOut(client)}>
              {words.signOut}
            </button>
          </li>
        </ul>
      ) : null}
    </div>
  );
}
