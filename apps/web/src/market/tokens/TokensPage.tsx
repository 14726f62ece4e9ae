import { useDeferredValue } from 'react';
import { TokensDocument, type TokensQueryVariables } from '../../api/operations.gen.js';
import { usePaged } from '../../api/paged.js';
import { navigate, useLocation, withParameters } from '../../browser/router.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { useNews } from '../../news/pulse.js';
import { pageOf } from '../../shown/connection-pages.js';
import { TokenTable } from '../../shown/TokenTable.js';
import { Link } from '../../ui/Link.js';
import { Empty, PageHead } from '../../ui/parts.js';
import { Skeleton } from '../../ui/Skeleton.js';

type Sort = TokensQueryVariables['sort'];
const SORTS = ['VOLUME', 'MARKET_CAP', 'LIQUIDITY', 'HOLDERS', 'NEWEST'] as const satisfies readonly Sort[];
const PAGE = 50;

/** Every token of the factory: searched, sorted, and without an end. */
export default function TokensPage() {
  const url = useLocation();
  const { tokens: words } = useWords();
  const numbers = useNumbers();
  const sort = SORTS.find((one) => one === url.searchParams.get('sort')) ?? 'VOLUME';
  const search = url.searchParams.get('search') ?? '';
  const isActive = url.searchParams.get('active') === 'yes';
  const looked = useDeferredValue(search.trim());
  const set = (changes: Readonly<Record<string, string | null>>): void =>
    navigate(withParameters(url, changes), 'replace');
  const filter = {
    ...(looked === '' ? {} : { search: looked }),
    ...(isActive ? { statuses: ['DEPLOYED' as const] } : {}),
  };
  const tokens = usePaged({
    document: TokensDocument,
    variables: (after) => ({ first: PAGE, after, sort, filter }),
    pageOf: ({ tokens: found }) => pageOf(found),
    of: JSON.stringify([sort, filter]),
    version: useNews(),
  });
  return (
    <>
      <PageHead title={words.title} about={words.about}>
        <Link className="button main" to="/create">
          {words.launch}
        </Link>
      </PageHead>
      <div className="filters">
        <input
          type="search"
          aria-label={words.search}
          placeholder={words.search}
          value={search}
          onChange={(event) => set({ search: event.target.value })}
        />
        <div className="choice" role="group" aria-label={words.sortBy}>
          {SORTS.map((one) => (
            <button key={one} type="button" aria-pressed={one === sort} onClick={() => set({ sort: one })}>
              {words.sorts[one]}
            </button>
          ))}
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={isActive}
            onChange={(event) => set({ active: event.target.checked ? 'yes' : null })}
          />
          {words.activeOnly}
        </label>
      </div>
      {tokens.refused === null ? null : <p className="refused">{tokens.refused.message}</p>}
      {tokens.rows.length > 0 ? (
        <section className="panel flush">
          <TokenTable label={words.title} tokens={tokens.rows} onEnd={tokens.more} />
        </section>
      ) : tokens.isWaiting ? (
        <Skeleton label={words.loading} rows={12} height={52} />
      ) : looked === '' ? (
        <Empty title={words.noneTitle}>{words.noneAbout}</Empty>
      ) : (
        <Empty title={words.notFoundTitle(looked)}>{words.notFoundAbout}</Empty>
      )}
      {tokens.isWhole && tokens.rows.length > 0 ? (
        <p className="end">{words.end(numbers.exact(String(tokens.rows.length)))}</p>
      ) : null}
    </>
  );
}
