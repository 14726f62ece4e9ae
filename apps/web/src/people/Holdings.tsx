import { useState } from 'react';
import { useAsked } from '../api/asked.js';
import { PortfolioDocument, type PortfolioQuery, ProfitDocument } from '../api/operations.gen.js';
import { usePaged } from '../api/paged.js';
import { exactAmount } from '../format/amounts.js';
import { useNumbers, useWords } from '../messages/language.js';
import type { Words } from '../messages/en.js';
import { useNews } from '../news/pulse.js';
import { pageOf } from '../shown/connection-pages.js';
import { TokenLabel } from '../shown/TokenLabel.js';
import { quotesOf } from '../shown/TokenTable.js';
import { type TokenName, useTokenNames } from '../shown/token-names.js';
import { Amount, Change, PriceText } from '../ui/Amount.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { Empty } from '../ui/parts.js';
import { type Column, RowTable } from '../ui/RowTable.js';
import { Skeleton } from '../ui/Skeleton.js';
import { csvOf, saveText } from './csv.js';
import { worthOf } from './worth.js';

const PAGE = 100;
type Holding = PortfolioQuery['portfolio']['holdings']['edges'][number]['node'];

/** What an address holds, at what it is worth by now. */
export function Holdings(props: { readonly address: string; readonly showsProfit?: boolean }) {
  const { address, showsProfit = false } = props;
  const { people: words, token } = useWords();
  const holdings = usePaged({
    document: PortfolioDocument,
    variables: (after) => ({ address, first: PAGE, after }),
    pageOf: ({ portfolio }) => pageOf(portfolio.holdings),
    ...{ of: address, version: useNews() },
  });
  const nameOf = useTokenNames(quotesOf(holdings.rows.flatMap((one) => one.token ?? [])));
  if (holdings.rows.length === 0)
    return holdings.isWaiting ? (
      <Skeleton label={words.holdings} />
    ) : (
      <Empty title={words.noHoldings}>
        {words.noHoldingsAbout} <Link to="/tokens">{words.lookAround}</Link>
      </Empty>
    );
  const columns = columnsOf({ words, token, nameOf, profitOf: showsProfit ? address : null });
  return (
    <section className="panel flush">
      <div className="section-head">
        <h2>{words.holdings}</h2>
        <button
          type="button"
          disabled={!holdings.isWhole}
          onClick={() =>
            saveText(
              'holdings.csv',
              csvOf(
                ['token', 'symbol', 'balance', 'base units', 'block', 'finality'],
                holdings.rows.map(rowOf),
              ),
            )
          }
        >
          {words.exported}
        </button>
      </div>
      <RowTable
        {...{ label: words.holdings, columns, rows: holdings.rows, rowHeight: 52 }}
        layout={showsProfit ? 'holding-rows with-profit' : 'holding-rows'}
        keyOf={({ tokenAddress }) => tokenAddress}
        onEnd={holdings.more}
      />
    </section>
  );
}

function columnsOf({
  nameOf,
  profitOf,
  token,
  words,
}: {
  readonly words: Words['people'];
  readonly token: Words['token'];
  readonly nameOf: (address: string) => TokenName;
  /** Whose profit is told; null: nobody's. */
  readonly profitOf: string | null;
}): readonly Column<Holding>[] {
  const quote = ({ token: held }: Holding) => {
    const price = held?.analytics?.price ?? null;
    return price === null ? null : nameOf(price.quoteToken);
  };
  return [
    {
      ...{ name: 'token', label: token.token },
      cell: ({ token: held, tokenAddress }) => (
        <Link className="row-link" to={`/tokens/${tokenAddress}`}>
          <TokenLabel token={held ?? { address: tokenAddress, name: null, symbol: null }} />
        </Link>
      ),
    },
    {
      ...{ name: 'balance', label: token.balance, isNumber: true },
      cell: ({ balance, token: held }) => <Amount baseUnits={balance} decimals={held?.decimals ?? null} />,
    },
    {
      ...{ name: 'price', label: token.price, isNumber: true },
      cell: (one) => (
        <PriceText value={one.token?.analytics?.price?.value ?? null} unit={quote(one)?.symbol ?? null} />
      ),
    },
    {
      ...{ name: 'change', label: token.change24h, isNumber: true },
      cell: (one) => <Change percent={one.token?.analytics?.priceChange24h ?? null} />,
    },
    {
      ...{ name: 'worth', label: words.worth, isNumber: true },
      cell: (one) => (
        <PriceText
          value={worthOf(
            one.balance,
            one.token?.decimals ?? null,
            one.token?.analytics?.price?.value ?? null,
          )}
          unit={quote(one)?.symbol ?? null}
        />
      ),
    },
    ...(profitOf !== null
      ? [
          {
            ...{ name: 'profit', label: words.profit, isNumber: true },
            cell: (one: Holding) => <Profit user={profitOf} holding={one} />,
          },
        ]
      : []),
    {
      ...{ name: 'finality', label: <span className="unseen">{token.finality}</span> },
      cell: ({ finality }) => <Finality finality={finality} isShort />,
    },
  ];
}

/** A balance in whole tokens only where it is known how those divide. */
const rowOf = ({ balance, finality, token, tokenAddress }: Holding): readonly string[] => [
  ...[tokenAddress, token?.symbol ?? ''],
  ...[typeof token?.decimals === 'number' ? exactAmount(balance, token.decimals) : '', balance],
  ...[String(finality.blockNumber), finality.status],
];

/** By first in, first out; asked for where it is wanted, as all trades have to be gone through for it. */
function Profit({ holding, user }: { readonly holding: Holding; readonly user: string }) {
  const { people: words } = useWords();
  const numbers = useNumbers();
  const [isWanted, setWanted] = useState(false);
  const poolId = holding.token?.analytics?.referencePoolId ?? null;
  const { data, refused } = useAsked({
    document: ProfitDocument,
    variables: { user, poolId: poolId ?? '', token: holding.tokenAddress },
    ...{ version: useNews(), isWanted: isWanted && poolId !== null },
  });
  const nameOf = useTokenNames(data?.tradingProfit ? [data.tradingProfit.quoteToken] : []);
  if (poolId === null) return <span className="faint">—</span>;
  if (!isWanted)
    return (
      <button type="button" className="link-button over" onClick={() => setWanted(true)}>
        {words.reckon}
      </button>
    );
  if (!data?.tradingProfit) return <span className="faint">{refused?.message ?? '…'}</span>;
  const { quoteToken, realized, unrealized } = data.tradingProfit;
  const quote = nameOf(quoteToken);
  // Nothing is added up that is not known.
  if (quote.decimals === null || typeof unrealized !== 'string') return <span className="faint">—</span>;
  const total = exactAmount((BigInt(realized) + BigInt(unrealized)).toString(), quote.decimals);
  const way = total.startsWith('-') ? 'down' : total === '0' ? 'level' : 'up';
  return (
    <span
      className="change"
      data-way={way}
      title={words.profitOf(
        numbers.exact(exactAmount(realized, quote.decimals)),
        numbers.exact(exactAmount(unrealized, quote.decimals)),
      )}
    >
      {numbers.compact(total)} {quote.symbol}
    </span>
  );
}
