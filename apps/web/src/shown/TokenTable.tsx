import { useMemo } from 'react';
import type { TokenFieldsFragment } from '../api/operations.gen.js';
import { useWords } from '../messages/language.js';
import { Amount, Change, PriceText } from '../ui/Amount.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { Age } from '../ui/parts.js';
import { type Column, RowTable } from '../ui/RowTable.js';
import { Sparkline } from './Sparkline.js';
import { TokenLabel } from './TokenLabel.js';
import { type TokenName, useTokenNames } from './token-names.js';

type Token = TokenFieldsFragment;
const ROW_PX = 52;

/** Tokens as rows: what each costs, how that changed, what is traded, and how sure all that is. */
export function TokenTable({
  label,
  onEnd,
  tokens,
}: {
  readonly label: string;
  readonly tokens: readonly Token[];
  readonly onEnd?: () => void;
}) {
  const { token: words } = useWords();
  const nameOf = useTokenNames(quotesOf(tokens));
  const columns = useMemo(() => columnsOf(words, nameOf), [words, nameOf]);
  return (
    <RowTable
      {...{ label, layout: 'token-rows', columns, rows: tokens, rowHeight: ROW_PX }}
      keyOf={({ address }) => address}
      {...(onEnd === undefined ? {} : { onEnd })}
    />
  );
}

export const quotesOf = (tokens: readonly Token[]): readonly string[] =>
  tokens.flatMap(({ analytics }) => analytics?.price?.quoteToken ?? []);

function columnsOf(
  words: ReturnType<typeof useWords>['token'],
  nameOf: (address: string) => TokenName,
): readonly Column<Token>[] {
  const quote = ({ analytics }: Token): TokenName | null =>
    analytics?.price ? nameOf(analytics.price.quoteToken) : null;
  return [
    { name: 'place', label: '#', cell: (_, index) => <span className="faint">{index + 1}</span> },
    {
      name: 'token',
      label: words.token,
      cell: (token) => (
        <Link className="row-link" to={`/tokens/${token.address}`}>
          <TokenLabel token={token} />
        </Link>
      ),
    },
    {
      ...{ name: 'price', label: words.price, isNumber: true },
      cell: (token) => (
        <PriceText value={token.analytics?.price?.value ?? null} unit={quote(token)?.symbol ?? null} />
      ),
    },
    {
      ...{ name: 'change', label: words.change24h, isNumber: true },
      cell: (token) => <Change percent={token.analytics?.priceChange24h ?? null} />,
    },
    {
      ...{ name: 'spark', label: words.day },
      cell: ({ address, analytics }) =>
        analytics?.referencePoolId ? (
          <Sparkline
            poolId={analytics.referencePoolId}
            isFirst={isFirst(address, analytics.price?.quoteToken)}
          />
        ) : null,
    },
    {
      ...{ name: 'volume', label: words.volume24h, isNumber: true },
      cell: (token) => (
        <Amount baseUnits={token.analytics?.volume24h ?? '0'} decimals={token.decimals ?? null} />
      ),
    },
    {
      ...{ name: 'liquidity', label: words.liquidity, isNumber: true },
      cell: (token) => (
        <Amount baseUnits={token.analytics?.liquidity ?? '0'} decimals={token.decimals ?? null} />
      ),
    },
    {
      ...{ name: 'cap', label: words.marketCap, isNumber: true },
      cell: (token) => {
        const name = quote(token);
        const cap = token.analytics?.marketCap ?? null;
        if (cap === null || name === null) return <span className="faint">—</span>;
        return (
          <Amount
            baseUnits={cap}
            decimals={name.decimals}
            {...(name.symbol ? { symbol: name.symbol } : {})}
          />
        );
      },
    },
    { ...{ name: 'holders', label: words.holders, isNumber: true }, cell: ({ holderCount }) => holderCount },
    {
      ...{ name: 'trades', label: words.trades24h, isNumber: true },
      cell: ({ analytics }) => analytics?.transactions24h ?? 0,
    },
    { ...{ name: 'age', label: words.age, isNumber: true }, cell: ({ createdAt }) => <Age at={createdAt} /> },
    {
      ...{ name: 'finality', label: <span className="unseen">{words.finality}</span> },
      cell: ({ finality }) => <Finality finality={finality} isShort />,
    },
  ];
}

/** Pools hold their tokens in the order of their addresses. */
export const isFirst = (address: string, other: string | undefined): boolean =>
  other === undefined || address.toLowerCase() < other.toLowerCase();
