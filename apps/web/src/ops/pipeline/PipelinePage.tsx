import { useEffect, useState } from 'react';
import { count, duration, rate } from '../../format/numbers.js';
import { PageHead, Waiting } from '../../ui/parts.js';
import { type Pipeline, type PipelineStage, useLive } from '../live.js';
import { useHistory } from './history.js';
import { StageCard, StageRow } from './StageCard.js';
import { StageDetail } from './StageDetail.js';
import { isLate, type Way, wayOf } from './stages.js';

/** The whole way in one picture: chain, indexer, log stream, ingester, log, projections and processes, answers. */
export default function PipelinePage() {
  const { pipeline } = useLive();
  const historyOf = useHistory(pipeline);
  const [open, setOpen] = useState<string | null>(null);
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === 'Escape') setOpen(null);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  if (pipeline === null) return <Waiting what="Asking how everything is" />;
  const way = wayOf(pipeline.stages);
  const opened = pipeline.stages.find(({ name }) => name === open);
  const of = (stage: PipelineStage) => ({
    ...{ stage, series: historyOf(stage.name), isOpen: stage.name === open },
    onOpen: (name: string) => setOpen((before) => (before === name ? null : name)),
  });
  return (
    <>
      <PageHead
        title="Pipeline"
        about="From the newest block of the chain to what readers are answered, each second."
      />
      <Figures pipeline={pipeline} way={way} />
      {opened === undefined ? null : (
        <StageDetail stage={opened} series={historyOf(opened.name)} onClose={() => setOpen(null)} />
      )}
      <div className="way">
        <div className="way-in">
          {way.chains.map(({ chainId, indexer, ingester }) => (
            <div className="lane" key={chainId}>
              <div className="node">
                <span className="node-kind">Chain {chainId}</span>
                <strong>{indexer?.end === null || indexer === undefined ? '—' : count(indexer.end)}</strong>
                <small>newest block</small>
              </div>
              <Link />
              {indexer === undefined ? null : <StageCard {...of(indexer)} />}
              <Link label="log stream" />
              {ingester === undefined ? null : <StageCard {...of(ingester)} />}
              <Link />
            </div>
          ))}
        </div>
        <div className="node node-log">
          <span className="node-kind">Log</span>
          <strong>{pipeline.logHead === null ? 'empty' : count(pipeline.logHead)}</strong>
          <small>newest event</small>
        </div>
        <div className="way-out">
          <Group title="Projections" stages={way.projections} of={of} />
          <div>
            <Group title="Processes" stages={way.processes} of={of} />
            {way.senders.length === 0 ? null : <Group title="Senders" stages={way.senders} of={of} />}
            <div className="node node-answers">
              <span className="node-kind">Answers of the API</span>
              <strong>{pipeline.answersAt === null ? '—' : count(pipeline.answersAt)}</strong>
              <small>
                {pipeline.lagSeconds === 0
                  ? 'level with the log'
                  : `${duration(pipeline.lagSeconds)} behind the log`}
              </small>
            </div>
          </div>
        </div>
      </div>
    </>
  );
}

const Link = ({ label }: { readonly label?: string }) => (
  <span className="link" aria-hidden="true">
    {label}
  </span>
);

function Group(props: {
  readonly title: string;
  readonly stages: readonly PipelineStage[];
  readonly of: (stage: PipelineStage) => Parameters<typeof StageRow>[0];
}) {
  const { of, stages, title } = props;
  const late = stages.filter((stage) => stage.state !== 'RUNNING' || isLate(stage)).length;
  return (
    <section className="panel group">
      <header>
        <h2>{title}</h2>
        <small>
          {stages.length}, {late === 0 ? 'all level' : `${late} behind`}
        </small>
      </header>
      {stages.map((stage) => (
        <StageRow key={stage.name} {...of(stage)} />
      ))}
    </section>
  );
}

function Figures({ pipeline, way }: { readonly pipeline: Pipeline; readonly way: Way }) {
  const troubled = pipeline.stages.filter(({ state }) => state !== 'RUNNING').length;
  const fastest = Math.max(0, ...way.projections.map(({ perSecond }) => perSecond));
  const blocks = way.chains.reduce((most, { indexer }) => Math.max(most, indexer?.behind ?? 0), 0);
  return (
    <ul className="figures">
      <Figure
        name="Stages"
        value={troubled === 0 ? 'All run' : `${troubled} do not run`}
        tone={troubled === 0 ? 'good' : 'bad'}
      />
      <Figure name="Log" value={pipeline.logHead === null ? '0' : count(pipeline.logHead)} more="events" />
      <Figure name="Handled" value={rate(fastest)} more="events/s" />
      <Figure
        name="Behind the chain"
        value={count(blocks)}
        more="blocks"
        tone={blocks > 5 ? 'warn' : 'good'}
      />
      <Figure
        name="Answers behind"
        value={duration(pipeline.lagSeconds)}
        tone={pipeline.lagSeconds > 5 ? 'warn' : 'good'}
      />
    </ul>
  );
}

function Figure(props: {
  readonly name: string;
  readonly value: string;
  readonly more?: string;
  readonly tone?: 'good' | 'warn' | 'bad';
}) {
  return (
    <li data-tone={props.tone ?? 'idle'}>
      <span>{props.name}</span>
      <strong>
        {props.value}
        {props.more === undefined ? null : <small> {props.more}</small>}
      </strong>
    </li>
  );
}
