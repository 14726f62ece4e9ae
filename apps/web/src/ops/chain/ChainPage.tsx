import { useState } from 'react';
import { useClient } from 'urql';
import { toldOfAct } from '../../api/errors.js';
import {
  ChainsDocument,
  type ChainsQuery,
  DecideReorgDocument,
  type ReorgDecision,
} from '../../api/operations.gen.js';
import { count, duration, words } from '../../format/numbers.js';
import { ActDialog } from '../../ui/ActDialog.js';
import { notify } from '../../ui/notices.js';
import { Badge, Fact, Facts, Id, PageHead, Time, Waiting } from '../../ui/parts.js';
import { useAsked } from '../../api/asked.js';
import { useEachWord } from '../news.js';
import { Providers } from './Providers.js';
import { Reorgs } from './Reorgs.js';

type Chain = ChainsQuery['chains'][number];

/** The chains: how far each is followed, whom it is asked of, what is final, and what was taken back. */
export default function ChainPage() {
  const { data, refused } = useAsked({ document: ChainsDocument, variables: {}, version: useEachWord() });
  return (
    <>
      <PageHead
        title="Chain"
        about="Whom the chain is asked of, how it is proved, what is final, and what a reorg took back."
      />
      {refused === null ? null : <p className="refused">{refused.message}</p>}
      {data === undefined ? (
        <Waiting what="Asking for the chains" />
      ) : (
        data.chains.map((chain) => <ChainCard key={chain.chainId} chain={chain} />)
      )}
    </>
  );
}

function ChainCard({ chain }: { readonly chain: Chain }) {
  const { chainId, name, state } = chain;
  const tone = state === 'FOLLOWED' ? 'good' : state === 'TROUBLED' ? 'bad' : 'idle';
  return (
    <section className="panel chain" aria-label={name ?? `Chain ${chainId}`}>
      <header>
        <h2>{name ?? `Chain ${chainId}`}</h2>
        <Badge tone={tone}>{words(state)}</Badge>
        {chain.failure === null ? null : <code className="stage-failure">{chain.failure}</code>}
      </header>
      {chain.alarm === null ? null : <Alarm chain={chain} alarm={chain.alarm} />}
      <Heights chain={chain} />
      <Facts>
        <Fact name="Answered">
          {chain.contactSeconds === null ? 'never' : `${duration(chain.contactSeconds)} ago`}
        </Fact>
        <Fact name="Final by">
          {chain.finalityRule === null
            ? '—'
            : chain.finalityRule === 'DEPTH'
              ? `${chain.finalityDepth} blocks on top`
              : words(chain.finalityRule)}
        </Fact>
        <Fact name="Proved by">
          {chain.proof === null ? 'its bloom filter, or better' : words(chain.proof)}
        </Fact>
        <Fact name="Providers that must agree">{chain.quorum ?? '—'}</Fact>
      </Facts>
      {state === 'REMOVED' ? null : <Providers chainId={chainId} />}
      <Reorgs chainId={chainId} />
    </section>
  );
}

/** Final, indexed and newest block on one line. */
function Heights({ chain: { finalizedBlock, headBlock, indexedBlock } }: { readonly chain: Chain }) {
  const all = [
    ['Final', finalizedBlock, 'good'],
    ['Indexed', indexedBlock, 'busy'],
    ['Newest', headBlock, 'idle'],
  ] as const;
  return (
    <ol className="heights">
      {all.map(([name, block, tone]) => (
        <li key={name} data-tone={tone}>
          <span>{name}</span>
          <strong>{block === null ? '—' : count(block)}</strong>
          {name === 'Newest' || block === null || headBlock === null ? null : (
            <small>
              {headBlock - block === 0 ? 'the newest' : `${count(headBlock - block)} before the newest`}
            </small>
          )}
        </li>
      ))}
    </ol>
  );
}

const ALARMS: Readonly<Record<NonNullable<Chain['alarm']>['reason'], string>> = {
  REORG_TOO_DEEP: 'A provider has another block in the place of a final one.',
  CHAIN_BEHIND: 'A provider’s newest block has been below ours for longer than a node lags.',
  WRONG_CHAIN: 'A provider serves another chain.',
};

function Alarm({ alarm, chain }: { readonly chain: Chain; readonly alarm: NonNullable<Chain['alarm']> }) {
  const client = useClient();
  const [asked, setAsked] = useState<ReorgDecision | null>(null);
  return (
    <div className="banner alarm" data-tone="bad" role="alert">
      <div>
        <strong>
          The chain stands since <Time at={alarm.since} />.
        </strong>{' '}
        {ALARMS[alarm.reason]}
        {alarm.provider === null ? null : (
          <>
            {' '}
            <code>{alarm.provider}</code> has block{' '}
            {alarm.providerBlock === null ? '?' : count(alarm.providerBlock)}{' '}
            {alarm.providerHash === null ? null : <Id value={alarm.providerHash} />}.
          </>
        )}
      </div>
      {alarm.reason === 'WRONG_CHAIN' ? null : (
        <span className="build-acts">
          <button type="button" className="grave" onClick={() => setAsked('ACCEPT')}>
            Accept its branch
          </button>
          <button type="button" onClick={() => setAsked('WAIT')}>
            Wait for ours
          </button>
        </span>
      )}
      {asked === null ? null : (
        <ActDialog
          intent={`${asked} ${chain.chainId} ${alarm.id}`}
          title={asked === 'ACCEPT' ? 'Accept the provider’s branch' : 'Wait for our branch'}
          about={
            asked === 'ACCEPT'
              ? 'What was final of ours is taken back: every read model forgets it, and says so.'
              : 'Ours counts, until a provider has it. What was accepted and is not carried out is withdrawn.'
          }
          button={asked === 'ACCEPT' ? 'Accept' : 'Wait'}
          isGrave={asked === 'ACCEPT'}
          onClose={() => setAsked(null)}
          act={async (reason, idempotencyKey) => {
            const input = {
              chainId: chain.chainId,
              alarmId: alarm.id,
              decision: asked,
              reason,
              idempotencyKey,
            };
            const { error } = await client.mutation(DecideReorgDocument, { input }).toPromise();
            if (error !== undefined) return toldOfAct(error);
            notify('good', 'It is decided');
            return null;
          }}
        />
      )}
    </div>
  );
}
