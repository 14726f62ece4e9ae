import { HoldersDocument, PoolsDocument, SwapsDocument } from '../../api/operations.gen.js';
import { usePaged } from '../../api/paged.js';
import { shortId } from '../../format/numbers.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { useNews } from '../../news/pulse.js';
import { pageOf } from '../../shown/connection-pages.js';
import { PoolTable } from '../../shown/PoolTable.js';
import { Trades } from '../../shown/Trades.js';
import { Amount } from '../../ui/Amount.js';
import { Finality } from '../../ui/Finality.js';
import { Link } from '../../ui/Link.js';
import { Ago, Empty } from '../../ui/parts.js';
import { RowTable } from '../../ui/RowTable.js';
import { Skeleton } from '../../ui/Skeleton.js';
import type { FoundToken } from './found-token.js';

const PAGE = 50;
interface Of {
  readonly token: FoundToken;
}

export function TokenTrades({ token: { address } }: Of) {
  const { token: words } = useWords();
  const swaps = usePaged({
    document: SwapsDocument,
    variables: (after) => ({ first: PAGE, after, filter: { token: address } }),
    pageOf: ({ swaps: found }) => pageOf(found),
    ...{ of: address, version: useNews() },
  });
  if (swaps.rows.length > 0)
    return <Trades label={words.tabTrades} swaps={swaps.rows} of={address} onEnd={swaps.more} />;
  if (swaps.isWaiting) return <Skeleton label={words.tabTrades} />;
  return <Empty title={words.noTrades}>{words.noTradesAbout}</Empty>;
}

export function TokenHolders({ token }: Of) {
  const { token: words } = useWords();
  const numbers = useNumbers();
  const holders = usePaged({
    document: HoldersDocument,
    variables: (after) => ({ first: PAGE, after, token: token.address }),
    pageOf: ({ holders: found }) => pageOf(found),
    ...{ of: token.address, version: useNews() },
  });
  if (holders.rows.length === 0)
    return holders.isWaiting ? (
      <Skeleton label={words.tabHolders} />
    ) : (
      <Empty title={words.noHolders}>{words.noHoldersAbout}</Empty>
    );
  return (
    <RowTable
      {...{ label: words.tabHolders, layout: 'holder-rows', rows: holders.rows, rowHeight: 42 }}
      keyOf={({ holder }) => holder}
      onEnd={holders.more}
      columns={[
        { name: 'place', label: '#', cell: (_, index) => <span className="faint">{index + 1}</span> },
        {
          ...{ name: 'holder', label: words.holder },
          cell: ({ holder }) => (
            <Link to={`/address/${holder}`} title={holder}>
              <code>{shortId(holder, 10, 6)}</code>
            </Link>
          ),
        },
        {
          ...{ name: 'balance', label: words.balance, isNumber: true },
          cell: ({ balance }) => <Amount baseUnits={balance} decimals={token.decimals ?? null} />,
        },
        {
          ...{ name: 'share', label: words.share, isNumber: true },
          cell: ({ balance }) => {
            const share = shareOf(balance, token.totalSupply);
            return (
              <span className="share">
                <meter min={0} max={100} value={share} aria-label={words.share} />
                {numbers.compact(share.toFixed(2))} %
              </span>
            );
          },
        },
        {
          ...{ name: 'since', label: words.moved, isNumber: true },
          cell: ({ updatedAt }) => <Ago at={updatedAt} />,
        },
        {
          ...{ name: 'finality', label: <span className="unseen">{words.finality}</span> },
          cell: ({ finality }) => <Finality finality={finality} isShort />,
        },
      ]}
    />
  );
}

/** Percent, to two places, cut. */
export const shareOf = (part: string, whole: string): number =>
  whole === '0' ? 0 : Number((BigInt(part) * 10_000n) / BigInt(whole)) / 100;

export function TokenPools({ token: { address } }: Of) {
  const { token: words } = useWords();
  const pools = usePaged({
    document: PoolsDocument,
    variables: (after) => ({ first: PAGE, after, sort: 'SWAPS' as const, filter: { token: address } }),
    pageOf: ({ pools: found }) => pageOf(found),
    ...{ of: address, version: useNews() },
  });
  if (pools.rows.length > 0)
    return <PoolTable label={words.tabPools} pools={pools.rows} onEnd={pools.more} />;
  if (pools.isWaiting) return <Skeleton label={words.tabPools} />;
  return <Empty title={words.noPoolTitle}>{words.noPoolAbout}</Empty>;
}
