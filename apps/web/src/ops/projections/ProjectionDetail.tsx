import { bytes, count } from '../../format/numbers.js';
import { Icon } from '../../ui/icons.js';
import { Ago, Badge, Fact, Facts, Id, Progress, Time } from '../../ui/parts.js';
import { ActsOf } from '../acts/ActsOf.js';
import type { Build, Projection } from '../live.js';
import { actTitle, type AskedAct } from './acts.js';
import { ACTS_OF, leftOf, partOf, rateOf, wordOf } from './builds.js';
import { Compared } from './Compared.js';

export function ProjectionDetail(props: {
  readonly projection: Projection;
  readonly onAct: (asked: AskedAct) => void;
  readonly onClose: () => void;
}) {
  const { onAct, onClose, projection } = props;
  const changed = projection.builds.map(({ build, state }) => `${build}${state}`).join();
  return (
    <section className="panel detail" aria-label={projection.name}>
      <header>
        <h2>{projection.name}</h2>
        <button type="button" className="plain" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      {projection.builds.map((build) => (
        <BuildCard
          key={build.build}
          build={build}
          onAct={(act) => onAct({ act, projection: projection.name, build: build.build })}
        />
      ))}
      {projection.builds
        .filter(({ state }) => state === 'READY')
        .map((build) => (
          <Compared
            key={`${build.build} ${changed} ${build.explained}`}
            projection={projection.name}
            build={build}
          />
        ))}
      <h3>Acts</h3>
      <ActsOf subject={projection.name} />
    </section>
  );
}

function BuildCard({
  build,
  onAct,
}: {
  readonly build: Build;
  readonly onAct: (act: AskedAct['act']) => void;
}) {
  const { tone, word } = wordOf(build);
  return (
    <article className="build" data-state={build.state}>
      <header>
        <strong>Build {build.build}</strong>
        <Badge tone={tone}>{word}</Badge>
        <span className="build-acts">
          {ACTS_OF[build.state].map((act) => (
            <button
              key={act}
              type="button"
              className={act === 'promote' ? 'main' : act === 'discard' ? 'grave' : ''}
              onClick={() => onAct(act)}
            >
              {actTitle(act)}
            </button>
          ))}
        </span>
      </header>
      {build.state === 'BUILDING' || build.state === 'PAUSED' ? (
        <div className="build-progress">
          <Progress part={partOf(build)} label={`Build ${build.build}`} />
          <small>
            {Math.floor(partOf(build) * 100)} %{leftOf(build) === '' ? '' : ` · ${leftOf(build)}`}
          </small>
        </div>
      ) : null}
      <Facts>
        <Fact name="Position">{build.position === null ? '—' : count(build.position)}</Fact>
        <Fact name="Behind">{build.behind === '0' ? 'level' : count(build.behind)}</Fact>
        <Fact name="Rate">{rateOf(build)}</Fact>
        <Fact name="Target">{build.target === null ? '—' : count(build.target)}</Fact>
        <Fact name="Memory of its process">
          {build.memoryBytes === null ? '—' : bytes(build.memoryBytes)}
        </Fact>
        <Fact name="Handled">{count(build.handled)}</Fact>
        <Fact name="Parked">
          {build.parked}
          {build.defects > 0 ? `, ${build.defects} by faults of ours` : ''}
        </Fact>
        {build.violations === 0 ? null : (
          <Fact name="Does not add up">
            {build.violations === 1 ? 'once' : `${count(build.violations)} times`}
          </Fact>
        )}
        <Fact name="Definition">
          <code>{build.definition}</code>
          {build.version === null ? '' : ` · version ${build.version}`}
        </Fact>
        <Fact name="Asked by">
          {build.askedBy.startsWith('0x') ? <Id value={build.askedBy} head={6} /> : build.askedBy},{' '}
          <Time at={build.askedAt} />
        </Fact>
        <Fact name="Told">
          <Ago at={build.updatedAt} />
        </Fact>
      </Facts>
      <p className="reason">{build.reason}</p>
      {build.lastViolation === null ? null : <pre className="fault">{build.lastViolation}</pre>}
      {build.lastError === null ? null : <pre className="fault">{build.lastError}</pre>}
    </article>
  );
}
