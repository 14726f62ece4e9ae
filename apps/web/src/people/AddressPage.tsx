import { useAsked } from '../api/asked.js';
import { PersonDocument, TransactionsDocument } from '../api/operations.gen.js';
import { usePaged } from '../api/paged.js';
import { shortId, words as asWords } from '../format/numbers.js';
import { useWords } from '../messages/language.js';
import { useNews } from '../news/pulse.js';
import { pageOf } from '../shown/connection-pages.js';
import { CopyId } from '../ui/Copy.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { Ago, Badge, Empty, PageHead } from '../ui/parts.js';
import { RowTable } from '../ui/RowTable.js';
import { Holdings } from './Holdings.js';
import { Positions } from './Positions.js';

const PAGE = 50;

/** Anybody, by their address: what they say of themselves, hold, provide, and did. */
export default function AddressPage({
  parameters,
}: {
  readonly parameters: Readonly<Record<string, string>>;
}) {
  const address = parameters['address'] ?? '';
  const { people: words } = useWords();
  const { data, refused } = useAsked({ document: PersonDocument, variables: { address }, version: '' });
  if (refused !== null) return <Empty title={words.noAddress}>{refused.message}</Empty>;
  const profile = data?.user?.profile ?? null;
  return (
    <>
      <PageHead title={profile?.displayName ?? shortId(address, 8, 6)} about={words.addressAbout}>
        <CopyId value={address} what={words.address} />
      </PageHead>
      {profile?.bio ? <p className="stranger block">{profile.bio}</p> : null}
      <Holdings address={address} />
      <Positions address={address} />
      <Transactions address={address} />
    </>
  );
}

function Transactions({ address }: { readonly address: string }) {
  const { people: words, token, trades } = useWords();
  const sent = usePaged({
    document: TransactionsDocument,
    variables: (after) => ({ first: PAGE, after, filter: { user: address } }),
    pageOf: ({ transactions }) => pageOf(transactions),
    ...{ of: address, version: useNews() },
  });
  if (sent.rows.length === 0) return null;
  return (
    <section className="panel flush block">
      <div className="section-head">
        <h2>{words.transactions}</h2>
      </div>
      <RowTable
        {...{ label: words.transactions, layout: 'sent-rows', rows: sent.rows, rowHeight: 40 }}
        keyOf={({ hash }) => hash}
        onEnd={sent.more}
        columns={[
          { name: 'time', label: trades.time, cell: ({ time }) => (time ? <Ago at={time} /> : '—') },
          { name: 'type', label: words.type, cell: ({ type }) => (type ? asWords(type) : '—') },
          {
            ...{ name: 'tx', label: trades.transaction },
            cell: ({ hash }) => (
              <Link to={`/tx/${hash}`}>
                <code>{shortId(hash, 10, 6)}</code>
              </Link>
            ),
          },
          {
            ...{ name: 'status', label: words.status },
            cell: ({ status }) => <Badge tone={TONES[status]}>{words.txStatuses[status]}</Badge>,
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

const TONES = { CONFIRMED: 'good', FAILED: 'bad', PENDING: 'busy' } as const;
