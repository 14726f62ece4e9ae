import { useAsked } from '../api/asked.js';
import { GovernanceDocument } from '../api/operations.gen.js';
import { useNumbers, useWords } from '../messages/language.js';
import { useNews } from '../news/pulse.js';
import { Amount } from '../ui/Amount.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { Ago, Empty, PageHead } from '../ui/parts.js';
import { Skeleton } from '../ui/Skeleton.js';
import { StateFlag, Tally } from './Tally.js';

const PAGE = 30;
const VOTE_DECIMALS = 18;

/** What is decided by votes: the rules, and every proposal, the newest first. */
export default function GovernancePage() {
  const { govern: words } = useWords();
  const numbers = useNumbers();
  const { data, refused } = useAsked({
    document: GovernanceDocument,
    variables: { first: PAGE, after: null },
    version: useNews(),
  });
  if (data === undefined)
    return refused === null ? (
      <Skeleton label={words.title} />
    ) : (
      <Empty title={words.none}>{refused.message}</Empty>
    );
  const rules = data.governance ?? null;
  if (rules === null) return <Empty title={words.none}>{words.noneAbout}</Empty>;
  const proposals = data.proposals.edges.map(({ node }) => node);
  return (
    <>
      <PageHead title={words.title} about={words.about} />
      <ul className="figures">
        <li>
          <span>{words.quorum}</span>
          <strong>
            <Amount baseUnits={rules.quorum} decimals={VOTE_DECIMALS} />
            <small> {numbers.compact(String(rules.quorumPercent))} %</small>
          </strong>
        </li>
        <li>
          <span>{words.threshold}</span>
          <strong>
            <Amount baseUnits={rules.proposalThreshold} decimals={VOTE_DECIMALS} />
          </strong>
        </li>
        <li>
          <span>{words.period}</span>
          <strong>
            {numbers.exact(String(rules.votingPeriod))} <small>{words.clocks[rules.clock]}</small>
          </strong>
        </li>
        <li>
          <span>{words.delay}</span>
          <strong>
            {numbers.exact(String(rules.timelockDelaySeconds))} <small>s</small>
          </strong>
        </li>
      </ul>
      <p className="quiet">
        {words.rulesAre} <Finality finality={rules.finality} />
      </p>
      <h2 className="block">{words.proposals}</h2>
      {proposals.length === 0 ? (
        <Empty title={words.noProposals}>{words.noProposalsAbout}</Empty>
      ) : (
        <ul className="cards">
          {proposals.map((one) => (
            <li key={one.id}>
              <Link className="card" to={`/governance/${one.id}`}>
                <span className="card-head">
                  <StateFlag state={one.state} />
                  <Finality finality={one.finality} isShort />
                </span>
                <strong className="stranger">{one.description.split('\n')[0]?.slice(0, 140)}</strong>
                <Tally {...one} />
                <small className="faint">
                  <Ago at={one.createdAt} />
                </small>
              </Link>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
