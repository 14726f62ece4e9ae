import { useState } from 'react';
import { navigate, useLocation, withParameters } from '../../browser/router.js';
import { count } from '../../format/numbers.js';
import { Badge, Empty, PageHead, Progress, Waiting } from '../../ui/parts.js';
import { type Projection, useLive } from '../live.js';
import { type AskedAct, BuildActDialog } from './acts.js';
import { leftOf, liveOf, nextOf, partOf, rateOf, wordOf } from './builds.js';
import { ProjectionDetail } from './ProjectionDetail.js';

/** Every read model with its builds, and what an operator does with them. */
export default function ProjectionsPage() {
  const { projections } = useLive();
  const url = useLocation();
  const [asked, setAsked] = useState<AskedAct | null>(null);
  const [search, setSearch] = useState('');
  const name = url.searchParams.get('name');
  const chosen = projections.find((one) => one.name === name);
  const shown = projections.filter((one) => one.name.includes(search.trim().toLowerCase()));
  if (projections.length === 0) return <Waiting what="Asking for the read models" />;
  const choose = (next: string | null): void => navigate(withParameters(url, { name: next }), 'replace');
  return (
    <>
      <PageHead
        title="Projections"
        about="What readers see, built of the log; and what is built beside it to take its place."
      >
        <input
          type="search"
          data-search
          placeholder="Find (/)"
          aria-label="Find a projection"
          value={search}
          onChange={(event) => setSearch(event.target.value)}
        />
      </PageHead>
      <div className={chosen === undefined ? 'split' : 'split open'}>
        <div className="panel table" role="table" aria-label="Projections">
          <div className="tr head" role="row">
            {['Projection', 'State', 'Behind', 'Rate', 'Parked', 'Beside it'].map((title) => (
              <span key={title} role="columnheader">
                {title}
              </span>
            ))}
          </div>
          {shown.map((one) => (
            <Row
              key={one.name}
              projection={one}
              isChosen={one.name === name}
              onChoose={() => choose(one.name === name ? null : one.name)}
            />
          ))}
          {shown.length === 0 ? <Empty title="No projection is called so" /> : null}
        </div>
        {chosen === undefined ? null : (
          <ProjectionDetail
            key={chosen.name}
            projection={chosen}
            onAct={setAsked}
            onClose={() => choose(null)}
          />
        )}
      </div>
      {asked === null ? null : <BuildActDialog asked={asked} onClose={() => setAsked(null)} />}
    </>
  );
}

function Row(props: {
  readonly projection: Projection;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}) {
  const { isChosen, onChoose, projection } = props;
  const [live, next] = [liveOf(projection), nextOf(projection)];
  const { tone, word } = live === undefined ? ({ tone: 'bad', word: 'None is live' } as const) : wordOf(live);
  return (
    <div className="tr" role="row" aria-selected={isChosen} onClick={onChoose}>
      <span role="cell">
        <button type="button" className="row-name" aria-expanded={isChosen}>
          {projection.name}
        </button>
      </span>
      <span role="cell">
        <Badge tone={tone}>{word}</Badge>
      </span>
      <span
        role="cell"
        className="number"
        data-column="Behind"
        data-late={live !== undefined && live.behind !== '0'}
      >
        {live === undefined ? '—' : live.behind === '0' ? 'level' : count(live.behind)}
      </span>
      <span role="cell" className="number" data-column="Rate">
        {live === undefined ? '—' : rateOf(live)}
      </span>
      <span role="cell" className="number" data-column="Parked" data-late={(live?.parked ?? 0) > 0}>
        {live?.parked ?? 0}
      </span>
      <span role="cell" className="beside" data-column="Beside it">
        {next === undefined ? (
          <small className="faint">—</small>
        ) : (
          <>
            <Badge tone={wordOf(next).tone}>{wordOf(next).word}</Badge>
            {next.state === 'BUILDING' ? (
              <>
                <Progress part={partOf(next)} label={`Build ${next.build} of ${projection.name}`} />
                <small>{leftOf(next)}</small>
              </>
            ) : null}
          </>
        )}
      </span>
    </div>
  );
}
