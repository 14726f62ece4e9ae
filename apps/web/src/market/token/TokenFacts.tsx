import { useWords } from '../../messages/language.js';
import type { TokenName } from '../../shown/token-names.js';
import { Amount } from '../../ui/Amount.js';
import { CopyId } from '../../ui/Copy.js';
import { Link } from '../../ui/Link.js';
import { Outside } from '../../ui/Outside.js';
import { Time } from '../../ui/parts.js';
import type { FoundToken } from './found-token.js';

/** Its figures, and where they are from. */
export function TokenFacts({
  quote,
  token,
}: {
  readonly token: FoundToken;
  readonly quote: TokenName | null;
}) {
  const { token: words } = useWords();
  const { analytics } = token;
  const decimals = token.decimals ?? null;
  const rows = [
    [
      words.marketCap,
      analytics?.marketCap && quote !== null ? (
        <Amount
          baseUnits={analytics.marketCap}
          decimals={quote.decimals}
          {...(quote.symbol === null ? {} : { symbol: quote.symbol })}
        />
      ) : (
        '—'
      ),
    ],
    [words.supply, <Amount key="" baseUnits={token.totalSupply} decimals={decimals} />],
    [words.liquidity, <Amount key="" baseUnits={analytics?.liquidity ?? '0'} decimals={decimals} />],
    [words.volume24h, <Amount key="" baseUnits={analytics?.volume24h ?? '0'} decimals={decimals} />],
    [words.trades24h, analytics?.transactions24h ?? 0],
    [words.holders, token.holderCount],
    [words.created, <Time key="" at={token.createdAt} />],
    [
      words.creator,
      <Link key="" to={`/address/${token.creator}`}>
        <code>{`${token.creator.slice(0, 6)}…${token.creator.slice(-4)}`}</code>
      </Link>,
    ],
    [words.transaction, <CopyId key="" value={token.txHash} what={words.transaction} />],
    ...(token.metadataURI === ''
      ? []
      : [[words.metadata, <Outside key="" text={token.metadataURI} />] as const]),
  ] as const;
  return (
    <section className="panel padded" aria-label={words.figures}>
      <dl className="lines">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
