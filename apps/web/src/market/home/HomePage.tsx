import { useMemo } from 'react';
import { useAsked } from '../../api/asked.js';
import { HomeDocument, type HomeQuery, type TokenFieldsFragment } from '../../api/operations.gen.js';
import { useStore } from '../../browser/store.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { type Meta, pulse, serverNow, useNews } from '../../news/pulse.js';
import { isFirst, quotesOf } from '../../shown/TokenTable.js';
import { Sparkline } from '../../shown/Sparkline.js';
import { TokenLabel } from '../../shown/TokenLabel.js';
import { useTokenNames } from '../../shown/token-names.js';
import { Trades } from '../../shown/Trades.js';
import { Change, PriceText } from '../../ui/Amount.js';
import { Finality } from '../../ui/Finality.js';
import { Link } from '../../ui/Link.js';
import { Ago, Empty } from '../../ui/parts.js';
import { Skeleton } from '../../ui/Skeleton.js';

const DAY_MS = 86_400_000;
const DAYS = 14;

/** What moves now: trending, new, risers and fallers, the newest trades, and how the network is. */
export default function HomePage() {
  const { home: words } = useWords();
  const day = Math.floor(serverNow(useStore(pulse).meta) / DAY_MS);
  const variables = useMemo(
    () => ({
      from: new Date((day - DAYS + 1) * DAY_MS).toISOString(),
      to: new Date((day + 1) * DAY_MS).toISOString(),
    }),
    [day],
  );
  const { data, refused } = useAsked({ document: HomeDocument, variables, version: useNews() });
  return (
    <>
      <section className="hero">
        <div>
          <h1>{words.title}</h1>
          <p>{words.about}</p>
        </div>
        <div className="hero-acts">
          <Link className="button main" to="/create">
            {words.launch}
          </Link>
          <Link className="button" to="/trade">
            {words.trade}
          </Link>
        </div>
      </section>
      <Network totals={data?.platform ?? null} />
      {data === undefined ? (
        refused === null ? (
          <Skeleton label={words.loading} rows={8} height={64} />
        ) : (
          <p className="refused">{refused.message}</p>
        )
      ) : (
        <Market data={data} />
      )}
    </>
  );
}

function Market({ data }: { readonly data: HomeQuery }) {
  const { home: words } = useWords();
  const { fallers, risers, swaps, tokens, trendingTokens } = data;
  const newest = tokens.edges.map(({ node }) => node);
  const trending = trendingTokens.map(({ token }) => token);
  const nameOf = useTokenNames(
    quotesOf([...trending, ...newest, ...[...risers, ...fallers].map(({ token }) => token)]),
  );
  const unitOf = ({ analytics }: TokenFieldsFragment): string | null =>
    analytics?.price ? nameOf(analytics.price.quoteToken).symbol : null;
  if (newest.length === 0)
    return (
      <Empty title={words.emptyTitle}>
        {words.emptyAbout} <Link to="/create">{words.launch}</Link>
      </Empty>
    );
  return (
    <>
      <section aria-labelledby="trending">
        <div className="section-head">
          <h2 id="trending">{words.trending}</h2>
          <Link to="/tokens?sort=VOLUME">{words.all}</Link>
        </div>
        {trending.length === 0 ? (
          <Empty title={words.nothingTrends}>{words.nothingTrendsAbout}</Empty>
        ) : (
          <ol className="cards">
            {trendingTokens.map(({ priceChange24h, swaps24h, token, traders24h }, index) => (
              <li key={token.address}>
                <Link className="card" to={`/tokens/${token.address}`}>
                  <span className="card-head">
                    <span className="rank">{index + 1}</span>
                    <TokenLabel token={token} size={34} />
                    <Finality finality={token.finality} isShort />
                  </span>
                  <span className="card-figures">
                    <strong>
                      <PriceText value={token.analytics?.price?.value ?? null} unit={unitOf(token)} />
                    </strong>
                    <Change percent={priceChange24h} />
                  </span>
                  <span className="card-foot">
                    <small>{words.traded(swaps24h, traders24h)}</small>
                    {token.analytics?.referencePoolId ? (
                      <Sparkline
                        poolId={token.analytics.referencePoolId}
                        isFirst={isFirst(token.address, token.analytics.price?.quoteToken)}
                      />
                    ) : null}
                  </span>
                </Link>
              </li>
            ))}
          </ol>
        )}
      </section>
      <div className="columns three">
        <Ranked title={words.newest} tokens={newest} unitOf={unitOf} showsAge />
        <Ranked title={words.risers} tokens={risers.map(({ token }) => token)} unitOf={unitOf} />
        <Ranked title={words.fallers} tokens={fallers.map(({ token }) => token)} unitOf={unitOf} />
      </div>
      <section aria-labelledby="trades" className="panel flush">
        <div className="section-head">
          <h2 id="trades">{words.trades}</h2>
        </div>
        {swaps.edges.length === 0 ? (
          <Empty title={words.noTrades}>{words.noTradesAbout}</Empty>
        ) : (
          <Trades label={words.trades} swaps={swaps.edges.map(({ node }) => node)} />
        )}
      </section>
    </>
  );
}

function Ranked(props: {
  readonly title: string;
  readonly tokens: readonly TokenFieldsFragment[];
  readonly unitOf: (token: TokenFieldsFragment) => string | null;
  readonly showsAge?: boolean;
}) {
  const { showsAge = false, title, tokens, unitOf } = props;
  const { home: words } = useWords();
  return (
    <section className="panel ranked">
      <h2>{title}</h2>
      {tokens.length === 0 ? <p className="quiet">{words.nothingMoved}</p> : null}
      <ol>
        {tokens.map((token) => (
          <li key={token.address}>
            <Link to={`/tokens/${token.address}`}>
              <TokenLabel token={token} />
              <span className="ranked-figures">
                <PriceText value={token.analytics?.price?.value ?? null} unit={unitOf(token)} />
                {showsAge ? (
                  <small className="faint">
                    <Ago at={token.createdAt} />
                  </small>
                ) : (
                  <Change percent={token.analytics?.priceChange24h ?? null} />
                )}
              </span>
            </Link>
          </li>
        ))}
      </ol>
    </section>
  );
}

/** How many blocks may still be taken back; null where that is not known. */
function depthOf(meta: Meta | null): number | null {
  const [indexed, final] = [meta?.indexedBlock ?? null, meta?.finalizedBlock ?? null];
  return indexed === null || final === null ? null : indexed - final;
}

function Network({ totals }: { readonly totals: HomeQuery['platform'] | null }) {
  const { meta } = useStore(pulse);
  const { home: words } = useWords();
  const numbers = useNumbers();
  const shown = (value: number | null | undefined): string =>
    value === null || value === undefined ? '—' : numbers.exact(String(value));
  const today = totals?.days.at(-1);
  const depth = depthOf(meta);
  return (
    <ul className="figures" aria-label={words.network}>
      {(
        [
          [words.tokens, shown(totals?.tokens)],
          [words.pools, shown(totals?.pools)],
          [words.traders, shown(totals?.users)],
          [words.swapsToday, shown(today?.swaps)],
          [words.block, shown(meta?.indexedBlock)],
          [words.toFinal, shown(depth)],
        ] as const
      ).map(([name, value]) => (
        <li key={name}>
          <span>{name}</span>
          <strong>{value}</strong>
        </li>
      ))}
    </ul>
  );
}
