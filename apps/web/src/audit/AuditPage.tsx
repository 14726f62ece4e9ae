import { useState } from 'react';
import { useAsked } from '../api/asked.js';
import { CheckpointDocument, type CheckpointQuery } from '../api/operations.gen.js';
import { words as asWords } from '../format/numbers.js';
import { useNumbers, useWords } from '../messages/language.js';
import { useNews } from '../news/pulse.js';
import { EventProof } from '../shown/EventProof.js';
import { CopyId } from '../ui/Copy.js';
import { Field } from '../ui/Field.js';
import { Ago, Empty, PageHead } from '../ui/parts.js';
import { Skeleton } from '../ui/Skeleton.js';

const ID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** How what these pages show is held against the log and the chain, for anybody. */
export default function AuditPage() {
  const { audit: words } = useWords();
  const numbers = useNumbers();
  const [typed, setTyped] = useState('');
  const { data, refused } = useAsked({ document: CheckpointDocument, variables: {}, version: useNews() });
  if (data === undefined)
    return refused === null ? <Skeleton label={words.title} /> : <p className="refused">{refused.message}</p>;
  const { reconciliation } = data._meta;
  const checkpoint = data.checkpoint ?? null;
  const isMore = data.drift.pageInfo.hasNextPage;
  const drifts = data.drift.edges.map(({ node }) => node);
  return (
    <>
      <PageHead title={words.title} about={words.about} />
      {checkpoint === null ? (
        <Empty title={words.none}>{words.noneAbout}</Empty>
      ) : (
        <SignedTree checkpoint={checkpoint} />
      )}
      <div className="columns two">
        <section className="panel padded form">
          <h2>{words.check}</h2>
          <Field label={words.event} about={words.checkAbout} problem={null}>
            {(attributes) => (
              <input
                {...attributes}
                autoComplete="off"
                spellCheck={false}
                value={typed}
                onChange={({ target }) => setTyped(target.value.trim())}
              />
            )}
          </Field>
          {ID.test(typed) ? <EventProof key={typed} eventId={typed} /> : null}
        </section>
        <section className="panel padded">
          <h2>{words.compared}</h2>
          <p className="quiet">{words.comparedAbout}</p>
          {reconciliation?.at ? (
            <p className="block">
              {numbers.exact(String(reconciliation.compared))} · <Ago at={reconciliation.at} />
            </p>
          ) : null}
          <p>
            {words.drift}: {drifts.length === 0 ? words.noDrift : `${drifts.length}${isMore ? '+' : ''}`}
          </p>
          <ul className="settings">
            {drifts.map((one) => (
              <li key={one.id}>
                <div>
                  <strong>{asWords(one.kind)}</strong>
                  <small>
                    {one.contract} · <Ago at={one.foundAt} />
                  </small>
                </div>
              </li>
            ))}
          </ul>
        </section>
      </div>
    </>
  );
}

function SignedTree({ checkpoint }: { readonly checkpoint: NonNullable<CheckpointQuery['checkpoint']> }) {
  const { audit: words } = useWords();
  const numbers = useNumbers();
  return (
    <section className="panel padded narrow block">
      <dl className="lines">
        <div>
          <dt>{words.size}</dt>
          <dd>{numbers.exact(String(checkpoint.size))}</dd>
        </div>
        <div>
          <dt>{words.origin}</dt>
          <dd>{checkpoint.origin}</dd>
        </div>
        <div>
          <dt>{words.root}</dt>
          <dd>
            <CopyId value={checkpoint.root} what={words.root} />
          </dd>
        </div>
        {checkpoint.verifierKeys.map((key) => (
          <div key={key}>
            <dt>{words.keys}</dt>
            <dd>
              <CopyId value={key} what={words.keys} />
            </dd>
          </div>
        ))}
        <div>
          <dt>{words.witnesses}</dt>
          <dd>{checkpoint.witnessKeys.length === 0 ? words.noWitness : checkpoint.witnessKeys.join(', ')}</dd>
        </div>
      </dl>
    </section>
  );
}
