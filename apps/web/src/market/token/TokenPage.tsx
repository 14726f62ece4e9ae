import { useState } from 'react';
import { useAsked } from '../../api/asked.js';
import { TokenDocument } from '../../api/operations.gen.js';
import { useWords } from '../../messages/language.js';
import { useNews } from '../../news/pulse.js';
import { Explain } from '../../shown/Explain.js';
import { isFirst } from '../../shown/TokenTable.js';
import { type TokenName, useTokenNames } from '../../shown/token-names.js';
import { Change, PriceText } from '../../ui/Amount.js';
import { CopyId } from '../../ui/Copy.js';
import { Finality } from '../../ui/Finality.js';
import { Link } from '../../ui/Link.js';
import { Empty } from '../../ui/parts.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { Tabs } from '../../ui/Tabs.js';
import { TokenMark } from '../../ui/TokenMark.js';
import { PriceChart } from '../../shown/PriceChart.js';
import { SwapForm } from '../trade/SwapForm.js';
import type { FoundToken } from './found-token.js';
import { TokenFacts } from './TokenFacts.js';
import { TokenHolders, TokenPools, TokenTrades } from './TokenLists.js';

type Shown = 'trades' | 'holders' | 'pools' | 'about' | 'why';

/** All of one token: its price through time, who trades and holds it, where it lies, and why its figures are so. */
export default function TokenPage({ parameters }: { readonly parameters: Readonly<Record<string, string>> }) {
  const address = parameters['address'] ?? '';
  const { token: words } = useWords();
  const { data, refused } = useAsked({
    document: TokenDocument,
    variables: { address },
    version: useNews(),
  });
  if (data === undefined) {
    if (refused === null) return <Skeleton label={words.loading} rows={6} height={80} />;
    return <Empty title={words.unknownTitle}>{refused.message}</Empty>;
  }
  if (data.token) return <Whole token={data.token} />;
  const foreign = data.foreignToken ?? null;
  if (foreign === null) return <Empty title={words.unknownTitle}>{words.unknownAbout}</Empty>;
  return (
    <Empty title={`${foreign.symbol ?? foreign.address}: ${words.foreign}`}>
      {words.foreignAbout} <CopyId value={foreign.address} what={words.address} />
    </Empty>
  );
}

function Whole({ token }: { readonly token: FoundToken }) {
  const { token: words } = useWords();
  const [shown, setShown] = useState<Shown>('trades');
  const { analytics } = token;
  const quoteAddress = analytics?.price?.quoteToken ?? null;
  const nameOf = useTokenNames(quoteAddress === null ? [] : [quoteAddress]);
  const quote = quoteAddress === null ? null : nameOf(quoteAddress);
  return (
    <>
      <Head token={token} quote={quote} />
      <div className="columns market">
        <div className="stack">
          {analytics?.referencePoolId && quote !== null ? (
            <PriceChart
              poolId={analytics.referencePoolId}
              isFirst={isFirst(token.address, quote.address)}
              base={{ symbol: token.symbol, decimals: token.decimals ?? 0 }}
              quote={{ symbol: quote.symbol ?? '', decimals: quote.decimals ?? 0 }}
            />
          ) : (
            <Empty title={words.noPoolTitle}>
              {words.noPoolAbout} <Link to={`/pools?open=${token.address}`}>{words.openPool}</Link>
            </Empty>
          )}
          <section className="panel flush">
            <Tabs<Shown>
              label={token.name}
              chosen={shown}
              onChoose={setShown}
              tabs={[
                { name: 'trades', label: words.tabTrades },
                { name: 'holders', label: words.tabHolders },
                { name: 'pools', label: words.tabPools },
                { name: 'about', label: words.tabAbout },
                { name: 'why', label: words.tabWhy },
              ]}
            >
              {shown === 'trades' ? <TokenTrades token={token} /> : null}
              {shown === 'holders' ? <TokenHolders token={token} /> : null}
              {shown === 'pools' ? <TokenPools token={token} /> : null}
              {shown === 'about' ? <About token={token} /> : null}
              {shown === 'why' ? (
                <Explain table="token_markets" rowKey={[String(token.chainId), token.address]} />
              ) : null}
            </Tabs>
          </section>
        </div>
        <aside className="stack">
          <section className="panel padded" aria-label={words.trade}>
            <SwapForm tokenIn={quoteAddress} tokenOut={token.address} isFixed />
          </section>
          <TokenFacts token={token} quote={quote} />
        </aside>
      </div>
    </>
  );
}

function Head({ quote, token }: { readonly token: FoundToken; readonly quote: TokenName | null }) {
  const { token: words } = useWords();
  const { analytics } = token;
  return (
    <header className="token-head">
      <TokenMark address={token.address} symbol={token.symbol} size={44} />
      <div className="token-title">
        <h1>
          {token.name} <span className="faint">{token.symbol}</span>
        </h1>
        <p>
          <CopyId value={token.address} what={words.address} />
          <Finality finality={token.finality} />
          {token.status === 'DEACTIVATED' ? (
            <span className="flag" data-tone="bad">
              {words.deactivated}
            </span>
          ) : null}
          {token.parked ? (
            <span className="flag" data-tone="warn">
              {words.parked}
            </span>
          ) : null}
        </p>
      </div>
      <div className="token-price">
        <strong>
          <PriceText value={analytics?.price?.value ?? null} unit={quote?.symbol ?? null} />
        </strong>
        <Change percent={analytics?.priceChange24h ?? null} />
      </div>
    </header>
  );
}

function About({ token }: { readonly token: FoundToken }) {
  const { token: words } = useWords();
  const description = token.description ?? '';
  return (
    <div className="padded about">
      {description === '' ? (
        <Empty title={words.noDescription}>{words.noDescriptionAbout}</Empty>
      ) : (
        <>
          <p className="stranger">{description}</p>
          <p className="quiet">{words.strangersText}</p>
        </>
      )}
    </div>
  );
}
