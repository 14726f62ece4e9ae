import { describe, expect, it } from '@jest/globals';
import type { PipelineStage } from '../live.js';
import { titleOf, wayOf } from './stages.js';

const stage = (name: string, chainId: number | null = null) => ({ name, chainId }) as PipelineStage;

describe('the picture of the pipeline', () => {
  it('has a lane for each chain, then the projections, the processes and the accounts that send', () => {
    const stages = [
      ...[stage('indexer-1', 1), stage('ingester-1', 1), stage('settlement-1', 1), stage('indexer-2', 2)],
      ...[stage('erasure'), stage('projection tokens'), stage('relayer-1-0xabc', 1)],
    ];
    const way = wayOf(stages);
    expect(way.chains.map(({ chainId, ingester }) => [chainId, ingester?.name])).toEqual([
      [1, 'ingester-1'],
      [2, undefined],
    ]);
    const names = (of: readonly PipelineStage[]) => of.map(({ name }) => name);
    expect([names(way.projections), names(way.processes), names(way.senders)]).toEqual([
      ['projection tokens'],
      ['settlement-1', 'erasure'],
      ['relayer-1-0xabc'],
    ]);
  });

  it('calls each by a name for people', () => {
    const names = ['projection foreign_tokens', 'settlement-31337', 'erasure'];
    expect(names.map((name) => titleOf({ name }))).toEqual(['Foreign tokens', 'Settlement', 'Erasure']);
  });
});
