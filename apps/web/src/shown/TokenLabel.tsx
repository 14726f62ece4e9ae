import { useWords } from '../messages/language.js';
import { TokenMark } from '../ui/TokenMark.js';

export interface NamedToken {
  readonly address: string;
  readonly name: string | null;
  readonly symbol: string | null;
}

/** A token by mark, symbol and name, as text whatever a stranger wrote there. */
export function TokenLabel({
  token,
  size = 28,
  isForeign = false,
}: {
  readonly token: NamedToken;
  readonly size?: number;
  /** The factory did not make it. */
  readonly isForeign?: boolean;
}) {
  const words = useWords();
  const symbol = token.symbol ?? '?';
  return (
    <span className="token-label">
      <TokenMark address={token.address} symbol={symbol} size={size} />
      <span className="token-names">
        <strong>{symbol}</strong>
        {isForeign ? (
          <span className="flag" data-tone="warn" title={words.token.foreignAbout}>
            {words.token.foreign}
          </span>
        ) : (
          <small>{token.name ?? token.address}</small>
        )}
      </span>
    </span>
  );
}
