import { shortId, words } from '../../format/numbers.js';
import type { Tone } from '../../ui/parts.js';
import type { PipelineStage } from '../live.js';

/** The stages as the picture has them: a lane for each chain, then what works for all. */
export interface Way {
  readonly chains: readonly {
    readonly chainId: number;
    readonly indexer: PipelineStage | undefined;
    readonly ingester: PipelineStage | undefined;
  }[];
  readonly projections: readonly PipelineStage[];
  readonly processes: readonly PipelineStage[];
  readonly senders: readonly PipelineStage[];
}

const PROJECTION = 'projection ';

export function wayOf(stages: readonly PipelineStage[]): Way {
  const ids = [...new Set(stages.flatMap(({ chainId }) => (chainId === null ? [] : [chainId])))];
  const named = (name: string): PipelineStage | undefined => stages.find((stage) => stage.name === name);
  const isProjection = ({ name }: PipelineStage): boolean => name.startsWith(PROJECTION);
  const isSender = ({ name }: PipelineStage): boolean => name.startsWith('relayer-');
  return {
    chains: ids.map((chainId) => ({
      chainId,
      indexer: named(`indexer-${chainId}`),
      ingester: named(`ingester-${chainId}`),
    })),
    projections: stages.filter(isProjection),
    senders: stages.filter(isSender),
    processes: stages.filter(
      (stage) => !isProjection(stage) && !isSender(stage) && !/^(indexer|ingester)-/.test(stage.name),
    ),
  };
}

export const TONES: Readonly<Record<PipelineStage['state'], Tone>> = {
  RUNNING: 'good',
  FAILING: 'warn',
  STANDING: 'bad',
  ABSENT: 'bad',
};

export const STATES: Readonly<Record<PipelineStage['state'], string>> = {
  RUNNING: 'Runs',
  FAILING: 'Fails, tries again',
  STANDING: 'Stands',
  ABSENT: 'No program tells of it',
};

/** What has just come is on its way, and nothing to look at. */
const ON_ITS_WAY_SECONDS = 2;

export const isLate = ({ behindSeconds }: Pick<PipelineStage, 'behindSeconds'>): boolean =>
  behindSeconds > ON_ITS_WAY_SECONDS;

/** `projection foreign_tokens` as `Foreign tokens`, `settlement-31337` as `Settlement`. */
export const titleOf = ({ name }: Pick<PipelineStage, 'name'>): string =>
  /^relayer-\d+-/.test(name)
    ? shortId(name.replace(/^relayer-\d+-/, ''), 8, 6)
    : words(name.replace(PROJECTION, '').replace(/-\d+$/, '').replaceAll('_', ' ').replaceAll('-', ' '));
