import { useDeferredValue, useState } from 'react';
import { useAsked } from '../../api/asked.js';
import { TokensDocument } from '../../api/operations.gen.js';
import { shortId } from '../../format/numbers.js';
import { useWords } from '../../messages/language.js';
import { TokenLabel } from '../../shown/TokenLabel.js';
import { learnNames } from '../../shown/token-names.js';
import { PriceText } from '../../ui/Amount.js';
import { Dialog } from '../../ui/Dialog.js';

const FOUND_MAX = 30;

export function TokenChoice({
  onChoose,
  onClose,
}: {
  readonly onChoose: (address: string) => void;
  readonly onClose: () => void;
}) {
  const { trade: words } = useWords();
  const [text, setText] = useState('');
  const looked = useDeferredValue(text.trim());
  const { data } = useAsked({
    document: TokensDocument,
    variables: {
      ...{ first: FOUND_MAX, after: null, sort: 'MARKET_CAP' },
      filter: { statuses: ['DEPLOYED'], ...(looked === '' ? {} : { search: looked }) },
    },
    version: '',
  });
  const found = data?.tokens.edges.map(({ node }) => node) ?? [];
  return (
    <Dialog title={words.chooseToken} onClose={onClose}>
      <input
        type="search"
        className="wide"
        autoFocus
        aria-label={words.searchToken}
        placeholder={words.searchToken}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <ul className="token-list">
        {found.map((token) => (
          <li key={token.address}>
            <button
              type="button"
              onClick={() => {
                learnNames([{ ...token, decimals: token.decimals ?? null }]);
                onChoose(token.address);
              }}
            >
              <TokenLabel token={token} />
              <code className="faint">{shortId(token.address, 6, 4)}</code>
              <PriceText value={token.analytics?.price?.value ?? null} />
            </button>
          </li>
        ))}
      </ul>
      {data !== undefined && found.length === 0 ? <p className="quiet">{words.noToken}</p> : null}
    </Dialog>
  );
}
