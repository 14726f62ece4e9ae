import { PoolsDocument, type PoolsQueryVariables } from '../../api/operations.gen.js';
import { usePaged } from '../../api/paged.js';
import { navigate, useLocation, withParameters } from '../../browser/router.js';
import { useWords } from '../../messages/language.js';
import { useNews } from '../../news/pulse.js';
import { pageOf } from '../../shown/connection-pages.js';
import { PoolTable } from '../../shown/PoolTable.js';
import { Empty, PageHead } from '../../ui/parts.js';
import { Skeleton } from '../../ui/Skeleton.js';
import { OpenPool } from './OpenPool.js';

type Sort = PoolsQueryVariables['sort'];
const SORTS = ['SWAPS', 'LIQUIDITY', 'NEWEST'] as const satisfies readonly Sort[];
const PAGE = 50;

export default function PoolsPage() {
  const url = useLocation();
  const { pools: words } = useWords();
  const sort = SORTS.find((one) => one === url.searchParams.get('sort')) ?? 'SWAPS';
  const opened = url.searchParams.get('open');
  const pools = usePaged({
    document: PoolsDocument,
    variables: (after) => ({ first: PAGE, after, sort, filter: {} }),
    pageOf: ({ pools: found }) => pageOf(found),
    ...{ of: sort, version: useNews() },
  });
  const show = (open: string | null): void => navigate(withParameters(url, { open }), 'replace');
  return (
    <>
      <PageHead title={words.title} about={words.about}>
        <button type="button" className="main" onClick={() => show('new')}>
          {words.open}
        </button>
      </PageHead>
      {opened === null ? null : (
        <OpenPool first={/^0x[0-9a-fA-F]{40}$/.test(opened) ? opened : null} onClose={() => show(null)} />
      )}
      <div className="filters">
        <div className="choice" role="group" aria-label={words.sortBy}>
          {SORTS.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === sort}
              onClick={() => navigate(withParameters(url, { sort: one }), 'replace')}
            >
              {words.sorts[one]}
            </button>
          ))}
        </div>
      </div>
      {pools.refused === null ? null : <p className="refused">{pools.refused.message}</p>}
      {pools.rows.length > 0 ? (
        <section className="panel flush">
          <PoolTable label={words.title} pools={pools.rows} onEnd={pools.more} />
        </section>
      ) : pools.isWaiting ? (
        <Skeleton label={words.title} rows={10} height={48} />
      ) : (
        <Empty title={words.noneTitle}>{words.noneAbout}</Empty>
      )}
    </>
  );
}
