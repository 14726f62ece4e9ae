import { useAsked } from '../api/asked.js';
import { ProposalDocument, type ProposalQuery } from '../api/operations.gen.js';
import { shortId } from '../format/numbers.js';
import { useWords } from '../messages/language.js';
import { useNews } from '../news/pulse.js';
import { Amount } from '../ui/Amount.js';
import { CopyId } from '../ui/Copy.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { Ago, Empty, Time } from '../ui/parts.js';
import { Skeleton } from '../ui/Skeleton.js';
import { StateFlag, Tally } from './Tally.js';

/** One proposal: what it would do, in words of the contract, and how it stands. */
export default function ProposalPage({
  parameters,
}: {
  readonly parameters: Readonly<Record<string, string>>;
}) {
  const { govern: words } = useWords();
  const { data, refused } = useAsked({
    document: ProposalDocument,
    variables: { id: parameters['id'] ?? '' },
    version: useNews(),
  });
  if (data === undefined)
    return refused === null ? (
      <Skeleton label={words.proposals} />
    ) : (
      <Empty title={words.noProposal}>{refused.message}</Empty>
    );
  const found = data.proposal ?? null;
  if (found === null) return <Empty title={words.noProposal}>{words.noProposalAbout}</Empty>;
  return (
    <article className="stack">
      <header className="token-head">
        <h1 className="stranger">{found.description.split('\n')[0]?.slice(0, 200)}</h1>
        <p>
          <StateFlag state={found.state} />
          <Finality finality={found.finality} />
          <CopyId value={found.id} what={words.id} />
        </p>
      </header>
      <section className="panel padded">
        <h2>{words.tally}</h2>
        <Tally {...found} />
        {found.executableAt ? (
          <p className="quiet">
            {words.executable} <Time at={found.executableAt} />
          </p>
        ) : null}
      </section>
      <section className="panel padded">
        <h2>{words.actions}</h2>
        <ol className="steps">
          {found.actions.map((action, index) => (
            <li key={index}>
              <span>
                {action.call ? <code>{action.call.text}</code> : <span>{words.unknownCall}</span>}
                <details>
                  <summary>{words.details}</summary>
                  <CopyId value={action.target} what={words.target} />
                  <pre className="payload">{action.calldata}</pre>
                </details>
              </span>
            </li>
          ))}
        </ol>
      </section>
      <section className="panel padded">
        <h2>{words.text}</h2>
        <p className="stranger">{found.description}</p>
        <p className="quiet">{words.strangersText}</p>
      </section>
      <Votes proposal={found} />
    </article>
  );
}

function Votes({ proposal: found }: { readonly proposal: NonNullable<ProposalQuery['proposal']> }) {
  const { govern: words } = useWords();
  return (
    <section className="panel padded">
      <h2>{words.votes}</h2>
      <ul className="settings">
        {found.votes.edges.map(({ node }) => (
          <li key={node.voter}>
            <div>
              <Link to={`/address/${node.voter}`}>
                <code>{shortId(node.voter, 6, 4)}</code>
              </Link>
              <small>
                {words.supports[node.support]} · <Ago at={node.time} />
                {node.reason === '' ? null : <span className="stranger"> · {node.reason.slice(0, 300)}</span>}
              </small>
            </div>
            <Amount baseUnits={node.weight} decimals={18} />
          </li>
        ))}
      </ul>
      {found.votes.edges.length === 0 ? <p className="quiet">{words.noVotes}</p> : null}
    </section>
  );
}
