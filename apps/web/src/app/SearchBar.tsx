import { type FormEvent, type KeyboardEvent, useDeferredValue, useId, useState } from 'react';
import { useAsked } from '../api/asked.js';
import { type TokenFieldsFragment, TokensDocument } from '../api/operations.gen.js';
import { navigate } from '../browser/router.js';
import { useWords } from '../messages/language.js';
import { TokenLabel } from '../shown/TokenLabel.js';
import { PriceText } from '../ui/Amount.js';
import { Icon } from '../ui/icons.js';

const FOUND_MAX = 6;
const ADDRESS = /^0x[0-9a-fA-F]{40}$/;
const HASH = /^0x[0-9a-fA-F]{64}$/;

/** Finds tokens by name, symbol or address; an address or a hash of a transaction goes to its page. */
export function SearchBar({ onSearching }: { readonly onSearching: (is: boolean) => void }) {
  const { search: words } = useWords();
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1);
  const listId = useId();
  const looked = useDeferredValue(text.trim());
  const { data } = useAsked({
    document: TokensDocument,
    variables: { first: FOUND_MAX, after: null, sort: 'MARKET_CAP', filter: { search: looked } },
    version: '',
    isWanted: looked !== '',
  });
  const found = looked === '' ? [] : (data?.tokens.edges.map(({ node }) => node) ?? []);
  const go = (path: string): void => {
    setText('');
    setAt(-1);
    navigate(path);
    window.scrollTo(0, 0);
    document.getElementById('main')?.focus();
  };
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    const typed = text.trim();
    const chosen = found[at];
    if (chosen !== undefined) go(`/tokens/${chosen.address}`);
    else if (HASH.test(typed)) go(`/tx/${typed}`);
    else if (ADDRESS.test(typed)) go(found[0] === undefined ? `/address/${typed}` : `/tokens/${typed}`);
    else if (typed !== '') go(`/tokens?search=${encodeURIComponent(typed)}`);
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key === 'Escape') setText('');
    const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (by === undefined || found.length === 0) return;
    event.preventDefault();
    setAt((before) => (before + by + found.length) % found.length);
  };
  return (
    <form role="search" className="search" onSubmit={submit}>
      <Icon name="search" size={16} />
      <input
        data-search=""
        type="search"
        role="combobox"
        aria-label={words.label}
        aria-expanded={found.length > 0}
        aria-controls={listId}
        aria-activedescendant={at < 0 ? undefined : `${listId}-${at}`}
        autoComplete="off"
        spellCheck={false}
        placeholder={words.placeholder}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setAt(-1);
        }}
        onKeyDown={onKeyDown}
        onFocus={() => onSearching(true)}
        onBlur={() => onSearching(false)}
      />
      <kbd aria-hidden="true">/</kbd>
      <Found {...{ at, found, go, listId }} />
    </form>
  );
}

function Found(props: {
  readonly at: number;
  readonly found: readonly TokenFieldsFragment[];
  readonly go: (path: string) => void;
  readonly listId: string;
}) {
  const { at, found, go, listId } = props;
  const { search: words } = useWords();
  return (
    <ul
      id={listId}
      role="listbox"
      aria-label={words.found}
      className="search-found"
      hidden={found.length === 0}
    >
      {found.map((token, index) => (
        <li
          key={token.address}
          id={`${listId}-${index}`}
          role="option"
          aria-selected={index === at}
          onPointerDown={(event) => {
            event.preventDefault();
            go(`/tokens/${token.address}`);
          }}
        >
          <TokenLabel token={token} />
          <PriceText value={token.analytics?.price?.value ?? null} />
        </li>
      ))}
    </ul>
  );
}
