import { count, duration, rate } from '../../format/numbers.js';
import { Chart } from '../../ui/Chart.js';
import { Badge } from '../../ui/parts.js';
import type { PipelineStage } from '../live.js';
import type { Series } from './history.js';
import { isLate, STATES, titleOf, TONES } from './stages.js';

export interface StageProps {
  readonly stage: PipelineStage;
  readonly series: Series;
  readonly isOpen: boolean;
  readonly onOpen: (name: string) => void;
}

const unitOf = ({ unit }: PipelineStage, one: boolean): string =>
  unit === 'BLOCKS' ? `block${one ? '' : 's'}` : `event${one ? '' : 's'}`;

export function lagOf(stage: PipelineStage): string {
  const { behind, behindSeconds } = stage;
  if (behind === null) return 'not known';
  if (behind === 0 || !isLate(stage)) return 'level';
  return `${count(behind)} ${unitOf(stage, behind === 1)}, ${duration(behindSeconds)}`;
}

/** A step with its place, its lag, its rate, and its last hour. */
export function StageCard({ isOpen, onOpen, series, stage }: StageProps) {
  const { failure, name, perSecond, reached, state } = stage;
  return (
    <button
      type="button"
      className="stage"
      data-tone={TONES[state]}
      aria-pressed={isOpen}
      onClick={() => onOpen(name)}
    >
      <span className="stage-head">
        <strong>{titleOf(stage)}</strong>
        <Badge tone={TONES[state]}>{STATES[state]}</Badge>
      </span>
      <span className="stage-place">{reached === null ? '—' : count(reached)}</span>
      <span className="stage-figures">
        <span data-late={isLate(stage)}>{lagOf(stage)}</span>
        <span>{rate(perSecond)}/s</span>
      </span>
      {failure === null ? null : <code className="stage-failure">{failure}</code>}
      <Chart
        isSmall
        height={34}
        at={series.at}
        series={[{ label: 'rate', values: series.perSecond, color: '--accent' }]}
        label={`${titleOf(stage)}, rate of the last hour`}
      />
    </button>
  );
}

/** The same on one line, for the many. */
export function StageRow({ isOpen, onOpen, series, stage }: StageProps) {
  const { failure, name, perSecond, reached, state } = stage;
  return (
    <button type="button" className="stage-row" aria-pressed={isOpen} onClick={() => onOpen(name)}>
      <span className="dot" data-tone={TONES[state]} role="img" aria-label={STATES[state]} />
      <span className="stage-name">{titleOf(stage)}</span>
      <span className="stage-lag" data-late={isLate(stage) || failure !== null}>
        {failure ?? lagOf(stage)}
      </span>
      <span className="number">{reached === null ? '—' : count(reached)}</span>
      <span className="number stage-rate">{rate(perSecond)}/s</span>
      <Chart
        isSmall
        height={22}
        at={series.at}
        series={[{ label: 'rate', values: series.perSecond, color: '--accent' }]}
        label={`${titleOf(stage)}, rate of the last hour`}
      />
    </button>
  );
}
