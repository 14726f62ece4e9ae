import { count, duration, rate } from '../../format/numbers.js';
import { Chart } from '../../ui/Chart.js';
import { Icon } from '../../ui/icons.js';
import { Badge, Fact, Facts } from '../../ui/parts.js';
import type { PipelineStage } from '../live.js';
import { lagOf } from './StageCard.js';
import type { Series } from './history.js';
import { STATES, titleOf, TONES } from './stages.js';

const age = (seconds: number | null): string => (seconds === null ? 'never' : `${duration(seconds)} ago`);

/** All that is known of a step, with its last hour drawn large. */
export function StageDetail(props: {
  readonly stage: PipelineStage;
  readonly series: Series;
  readonly onClose: () => void;
}) {
  const { onClose, series, stage } = props;
  const unit = stage.unit === 'BLOCKS' ? 'blocks' : 'events';
  return (
    <section className="panel stage-detail" aria-label={titleOf(stage)}>
      <header>
        <h2>{titleOf(stage)}</h2>
        <Badge tone={TONES[stage.state]}>{STATES[stage.state]}</Badge>
        <button type="button" className="plain" aria-label="Close" onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <Facts>
        <Fact name="Program">{stage.program}</Fact>
        {stage.chainId === null ? null : <Fact name="Chain">{stage.chainId}</Fact>}
        <Fact name="Is at">{stage.reached === null ? '—' : count(stage.reached)}</Fact>
        <Fact name="There is">{stage.end === null ? '—' : count(stage.end)}</Fact>
        <Fact name="Behind">{lagOf(stage)}</Fact>
        <Fact name="Rate">
          {rate(stage.perSecond)} {unit}/s
        </Fact>
        <Fact name="Told">{age(stage.toldSeconds)}</Fact>
        <Fact name="Handled">{age(stage.handledSeconds)}</Fact>
        {stage.contactSeconds === null ? null : (
          <Fact name="Chain answered">{age(stage.contactSeconds)}</Fact>
        )}
        {stage.failure === null ? null : (
          <Fact name="Fails with">
            <code>{stage.failure}</code>
          </Fact>
        )}
      </Facts>
      <Chart
        height={180}
        at={series.at}
        series={[
          { label: `${unit}/s`, values: series.perSecond, color: '--accent' },
          { label: 'behind', values: series.behind, color: '--warn' },
        ]}
        label={`Rate and lag of ${titleOf(stage)} in the last hour`}
      />
    </section>
  );
}
