import { CommandsDocument } from '../api/operations.gen.js';
import { usePaged } from '../api/paged.js';
import { session } from '../api/session.js';
import { useStore } from '../browser/store.js';
import { useWords } from '../messages/language.js';
import { useNews } from '../news/pulse.js';
import { commandNews } from '../orders/command-news.js';
import { type Command, toneOf } from '../orders/progress.js';
import { pageOf } from '../shown/connection-pages.js';
import { CopyId } from '../ui/Copy.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { Ago, Badge, Empty, PageHead } from '../ui/parts.js';
import { RowTable } from '../ui/RowTable.js';
import { Skeleton } from '../ui/Skeleton.js';
import { ConnectFirst } from './ConnectFirst.js';

const PAGE = 50;

export default function OrdersPage() {
  const who = useStore(session);
  const { orders: words } = useWords();
  if (who === null) return <ConnectFirst title={words.connectTitle} about={words.connectAbout} />;
  return (
    <>
      <PageHead title={words.title} about={words.about} />
      <Orders address={who.address} />
    </>
  );
}

function Orders({ address }: { readonly address: string }) {
  const { orders: words, token } = useWords();
  const { count } = useStore(commandNews);
  const orders = usePaged({
    document: CommandsDocument,
    variables: (after) => ({ first: PAGE, after }),
    pageOf: ({ commands }) => pageOf(commands),
    ...{ of: address, version: `${useNews()}-${count}` },
  });
  if (orders.rows.length === 0)
    return orders.isWaiting ? (
      <Skeleton label={words.title} />
    ) : (
      <Empty title={words.noneTitle}>{words.noneAbout}</Empty>
    );
  return (
    <section className="panel flush">
      <RowTable
        {...{ label: words.title, layout: 'order-rows', rows: orders.rows, rowHeight: 46 }}
        keyOf={({ commandId }) => commandId}
        onEnd={orders.more}
        columns={[
          { name: 'when', label: words.when, cell: ({ requestedAt }) => <Ago at={requestedAt} /> },
          {
            ...{ name: 'kind', label: words.kind },
            cell: ({ kind }) => words.kinds[kind as keyof typeof words.kinds] ?? kind,
          },
          { name: 'what', label: words.what, cell: (command) => <Subject command={command} /> },
          {
            ...{ name: 'status', label: words.status },
            cell: ({ failure, status }) => (
              <span title={failure?.reason ?? failure?.code ?? undefined}>
                <Badge tone={toneOf(status)}>{words.statuses[status]}</Badge>
              </span>
            ),
          },
          {
            ...{ name: 'tx', label: words.transaction },
            cell: ({ txHash }) => (txHash ? <Hash hash={txHash} /> : '—'),
          },
          {
            ...{ name: 'finality', label: <span className="unseen">{token.finality}</span> },
            cell: ({ finality }) => <Finality finality={finality ?? null} isShort />,
          },
        ]}
      />
    </section>
  );
}

function Hash({ hash }: { readonly hash: string }) {
  const { orders: words } = useWords();
  return (
    <>
      <Link to={`/tx/${hash}`}>{words.transaction}</Link> <CopyId value={hash} what={words.transaction} />
    </>
  );
}

function Subject({ command: { outcome, poolId, terms, token } }: { readonly command: Command }) {
  const { orders: words } = useWords();
  const address = outcome?.tokenAddress ?? token ?? null;
  const pool = outcome?.poolId ?? poolId ?? null;
  if (terms?.symbol)
    return address === null ? terms.symbol : <Link to={`/tokens/${address}`}>{terms.symbol}</Link>;
  if (pool !== null) return <Link to={`/pools/${pool}`}>{words.kinds.CREATE_POOL.split(' ').at(-1)}</Link>;
  return address === null ? '—' : <Link to={`/tokens/${address}`}>{address.slice(0, 8)}…</Link>;
}
