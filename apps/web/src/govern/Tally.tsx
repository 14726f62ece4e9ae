import type { ProposalQuery } from '../api/operations.gen.js';
import { useWords } from '../messages/language.js';
import { Amount } from '../ui/Amount.js';

type State = NonNullable<ProposalQuery['proposal']>['state'];
const TONES: Readonly<Record<State, 'good' | 'busy' | 'warn' | 'bad'>> = {
  ...{ ACTIVE: 'busy', PENDING: 'busy', QUEUED: 'busy', SUCCEEDED: 'good', EXECUTED: 'good' },
  ...{ DEFEATED: 'bad', CANCELED: 'warn', EXPIRED: 'warn' },
};
const DECIMALS = 18;

export function StateFlag({ state }: { readonly state: State }) {
  const { govern: words } = useWords();
  return (
    <span className="flag" data-tone={TONES[state]}>
      {words.states[state]}
    </span>
  );
}

/** Votes for, against and neither, to the unit where one points at them. */
export function Tally(props: {
  readonly forVotes: string;
  readonly againstVotes: string;
  readonly abstainVotes: string;
}) {
  const { govern: words } = useWords();
  const rows = [
    [words.supports.FOR, props.forVotes],
    [words.supports.AGAINST, props.againstVotes],
    [words.supports.ABSTAIN, props.abstainVotes],
  ] as const;
  return (
    <span className="tally">
      {rows.map(([name, votes]) => (
        <span key={name}>
          <small className="faint">{name}</small> <Amount baseUnits={votes} decimals={DECIMALS} />
        </span>
      ))}
    </span>
  );
}
