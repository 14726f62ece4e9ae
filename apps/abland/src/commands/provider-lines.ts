import type { ChainProviderView } from '@abland/operations';

/** A provider as a person reads it: how it is, what it failed of, and what was learnt of its limits, each where there is something to tell. */
export function providerLines(provider: ChainProviderView): readonly string[] {
  const { chainId, lastFault, place, state, toldSeconds, transport, url } = provider;
  const told = state === 'STALE' ? ` (told ${age(toldSeconds)} ago)` : '';
  return [
    `${chainId}  ${place}. ${url}  ${transport}  ${state}${told}  ${answersOf(provider)}`,
    ...(lastFault === null
      ? []
      : [`   failed last ${lastFault.at}: ${lastFault.code}: ${lastFault.message}`]),
    ...[countsLine('faults', provider.faults), countsLine('does not hold together', provider.discrepancies)],
    limitsLine(provider),
  ].filter((line) => line !== '');
}

function answersOf({ answerSeconds, headBlock, latencyMs, requests }: ChainProviderView): string {
  const answered = answerSeconds === null ? 'never answered' : `answered ${age(answerSeconds)} ago`;
  const latency = latencyMs === null ? '' : ` in ${latencyMs} ms`;
  return `${answered}${latency}, head ${headBlock ?? '-'}, ${requests} requests`;
}

function countsLine(what: string, counts: ChainProviderView['faults']): string {
  if (counts.length === 0) return '';
  return `   ${what}: ${counts.map(({ count, name }) => `${name} ${count}`).join(', ')}`;
}

function limitsLine({ batchMax, lacks, nextRequestAt, rangeMax }: ChainProviderView): string {
  const limits = [
    rangeMax === null ? [] : `${rangeMax} blocks at once`,
    batchMax === null ? [] : `${batchMax} requests at once`,
    lacks.length === 0 ? [] : `without ${lacks.join(', ')}`,
    nextRequestAt === null ? [] : `after all others until ${nextRequestAt}`,
  ].flat();
  return limits.length === 0 ? '' : `   limits: ${limits.join(', ')}`;
}

const age = (seconds: number): string => `${Math.round(seconds)} s`;
