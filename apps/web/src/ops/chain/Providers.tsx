import { ProvidersDocument, type ProvidersQuery } from '../../api/operations.gen.js';
import { count, duration, words } from '../../format/numbers.js';
import { Badge, Empty, Time, type Tone } from '../../ui/parts.js';
import { useAsked } from '../../api/asked.js';
import { useEachWord } from '../news.js';

const COLUMNS = ['Provider', 'State', 'Newest', 'Latency', 'Asked', 'Disagreements', 'Faults'] as const;

type Provider = ProvidersQuery['providers'][number];

const TONES: Readonly<Record<Provider['state'], Tone>> = {
  WELL: 'good',
  SET_ASIDE: 'warn',
  WRONG_CHAIN: 'bad',
  UNKNOWN: 'idle',
  STALE: 'idle',
};

/** Whom a chain is asked of, in the order of preference. */
export function Providers({ chainId }: { readonly chainId: number }) {
  const { data, refused } = useAsked({
    document: ProvidersDocument,
    variables: { chainId },
    version: useEachWord(),
  });
  return (
    <>
      <h3>Providers</h3>
      {refused === null ? null : <p className="refused">{refused.message}</p>}
      {data === undefined ? null : data.providers.length === 0 ? (
        <Empty title="No indexer told of a provider yet" />
      ) : (
        <div className="table providers" role="table" aria-label="Providers">
          <div className="tr head" role="row">
            {COLUMNS.map((title) => (
              <span key={title} role="columnheader">
                {title}
              </span>
            ))}
          </div>
          {data.providers.map((provider) => (
            <ProviderRow key={provider.place} provider={provider} />
          ))}
        </div>
      )}
    </>
  );
}

function ProviderRow({ provider }: { readonly provider: Provider }) {
  const { discrepancies, faults, lastFault } = provider;
  return (
    <div className="tr" role="row">
      <span role="cell" className="provider">
        <small>{provider.place}</small> <code>{provider.url}</code>{' '}
        <small>{provider.transport === 'HTTP' ? 'http' : 'ws'}</small>
      </span>
      <span role="cell" data-column="State">
        <Badge tone={TONES[provider.state]}>{words(provider.state)}</Badge>
      </span>
      <span role="cell" className="number" data-column="Newest">
        {provider.headBlock === null ? '—' : count(provider.headBlock)}
      </span>
      <span role="cell" className="number" data-column="Latency">
        {provider.latencyMs === null ? '—' : `${Math.round(provider.latencyMs)} ms`}
      </span>
      <span role="cell" className="number" data-column="Asked" title={learntOf(provider)}>
        {count(provider.requests)}
      </span>
      <span role="cell" data-column="Disagreements" data-late={discrepancies.length > 0}>
        {countsOf(discrepancies)}
      </span>
      <span role="cell" data-column="Faults">
        {countsOf(faults)}
        {lastFault === null ? null : (
          <small className="last-fault" title={lastFault.message}>
            {lastFault.code}, <Time at={lastFault.at} />
          </small>
        )}
      </span>
    </div>
  );
}

const countsOf = (counts: Provider['faults']): string =>
  counts.length === 0
    ? 'none'
    : counts.map(({ count: times, name }) => `${words(name)} ${count(times)}`).join(', ');

const learntOf = ({ answerSeconds, batchMax, lacks, rangeMax }: Provider): string =>
  [
    answerSeconds === null ? 'never answered' : `answered ${duration(answerSeconds)} ago`,
    rangeMax === null ? 'no limit of blocks known' : `${rangeMax} blocks at once`,
    batchMax === null ? 'no limit of requests known' : `${batchMax} requests at once`,
    ...(lacks.length === 0 ? [] : [`lacks ${lacks.join(', ')}`]),
  ].join('\n');
