import { type InputHTMLAttributes, type ReactNode, useState } from 'react';
import { useAsked } from '../../api/asked.js';
import { FeesDocument, GiveCreateTokenDocument } from '../../api/operations.gen.js';
import { session } from '../../api/session.js';
import { useStore } from '../../browser/store.js';
import { exactAmount } from '../../format/amounts.js';
import { useNumbers, useWords } from '../../messages/language.js';
import { askBy, OrderDialog } from '../../orders/OrderDialog.js';
import { connectIsOpen } from '../../session/connect.js';
import { Field } from '../../ui/Field.js';
import { Link } from '../../ui/Link.js';
import { PageHead } from '../../ui/parts.js';
import { TokenMark } from '../../ui/TokenMark.js';
import { checkDraft, type Draft, EMPTY_DRAFT } from './draft.js';

const WEI_DECIMALS = 18;
const NO_ADDRESS = `0x${'7'.repeat(40)}`;

/** A token in a minute: what it is called, how many there are, what it costs, and who signs. */
export default function CreatePage() {
  const { create: words } = useWords();
  const who = useStore(session);
  const [draft, setDraft] = useState(EMPTY_DRAFT);
  const [touched, setTouched] = useState<ReadonlySet<keyof Draft>>(new Set());
  const [isReviewed, setReviewed] = useState(false);
  const { data: fees } = useAsked({ document: FeesDocument, variables: {}, version: '' });
  const problems = checkDraft(draft);
  const isGood = Object.keys(problems).length === 0;
  const fee = fees?.fees.tokenCreationFee ?? null;
  const set = (changes: Partial<Draft>): void => {
    setDraft({ ...draft, ...changes });
    setTouched(new Set([...touched, ...(Object.keys(changes) as (keyof Draft)[])]));
  };
  const problem = (field: keyof Draft): string | null =>
    touched.has(field) ? (words.problems[problems[field] ?? 'none'] ?? null) : null;

  return (
    <>
      <PageHead title={words.title} about={words.about} />
      <div className="columns create">
        <form
          className="panel padded form"
          noValidate
          onSubmit={(event) => {
            event.preventDefault();
            setTouched(new Set(Object.keys(draft) as (keyof Draft)[]));
            if (who === null) connectIsOpen.set(true);
            else if (isGood && fee !== null) setReviewed(true);
          }}
        >
          <Fields {...{ draft, fee, problem, set }} />
          {fee === null && fees === undefined && touched.size > 3 ? (
            <p className="refused" role="alert">
              {words.feeUnknown}
            </p>
          ) : null}
          <button type="submit" className="main wide" disabled={who !== null && !isGood && touched.size > 3}>
            {who === null ? words.connectFirst : words.review}
          </button>
        </form>
        <Preview draft={draft} fee={fee} />
      </div>
      {isReviewed ? <Review draft={draft} fee={fee} onClose={() => setReviewed(false)} /> : null}
    </>
  );
}

function Fields(props: {
  readonly draft: Draft;
  readonly fee: string | null;
  readonly problem: (field: keyof Draft) => string | null;
  readonly set: (changes: Partial<Draft>) => void;
}) {
  const { draft, fee, problem, set } = props;
  const { create: words } = useWords();
  const text = (
    field: 'name' | 'symbol' | 'supply' | 'decimals',
    more: InputHTMLAttributes<HTMLInputElement>,
  ) => (
    <Field label={words[field]} about={words[`${field}About`]} problem={problem(field)}>
      {(attributes) => (
        <input
          {...attributes}
          {...more}
          autoComplete="off"
          value={draft[field]}
          onChange={({ target }) => set({ [field]: TYPED[field](target.value) })}
        />
      )}
    </Field>
  );
  return (
    <>
      <div className="form-pair">
        {text('name', { placeholder: 'Aurora' })}
        {text('symbol', { placeholder: 'AUR' })}
      </div>
      <div className="form-pair">
        {text('supply', { inputMode: 'numeric' })}
        {text('decimals', { inputMode: 'numeric' })}
      </div>
      <Field label={words.description} about={words.descriptionAbout} problem={problem('description')}>
        {(attributes) => (
          <textarea
            {...attributes}
            rows={4}
            value={draft.description}
            onChange={({ target }) => set({ description: target.value })}
          />
        )}
      </Field>
      <fieldset className="choices">
        <legend>{words.execution}</legend>
        {(['WALLET', 'RELAYED'] as const).map((execution) => {
          const isOff = execution === 'RELAYED' && fee !== null && fee !== '0';
          return (
            <label key={execution} className="option">
              <input
                type="radio"
                name="execution"
                disabled={isOff}
                checked={draft.execution === execution}
                onChange={() => set({ execution })}
              />
              <span>
                <strong>{words.executions[execution]}</strong>
                <small>{isOff ? words.relayedOff : words.executionsAbout[execution]}</small>
              </span>
            </label>
          );
        })}
      </fieldset>
    </>
  );
}

/** What is taken for what was meant, as it is typed. */
const TYPED = {
  name: (text: string) => text,
  symbol: (text: string) => text.toUpperCase(),
  supply: (text: string) => text.replaceAll(/[\s_']/g, ''),
  decimals: (text: string) => text.trim(),
};

function Preview({ draft, fee }: { readonly draft: Draft; readonly fee: string | null }) {
  const { create: words } = useWords();
  const numbers = useNumbers();
  return (
    <aside className="stack">
      <section className="panel padded preview" aria-label={words.preview}>
        <h2>{words.preview}</h2>
        <div className="preview-head">
          <TokenMark address={NO_ADDRESS} symbol={draft.symbol === '' ? '?' : draft.symbol} size={52} />
          <div>
            <strong>{draft.symbol === '' ? '—' : draft.symbol}</strong>
            <small>{draft.name === '' ? words.noName : draft.name}</small>
          </div>
        </div>
        <dl className="lines">
          <div>
            <dt>{words.supply}</dt>
            <dd>{/^\d+$/.test(draft.supply) ? numbers.exact(draft.supply) : '—'}</dd>
          </div>
          <div>
            <dt>{words.toYou}</dt>
            <dd>100 %</dd>
          </div>
          <div>
            <dt>{words.cost}</dt>
            <dd>{fee === null ? '—' : `${numbers.exact(exactAmount(fee, WEI_DECIMALS))} ETH`}</dd>
          </div>
        </dl>
        <p className="quiet">{words.costAbout}</p>
      </section>
      <section className="panel padded">
        <h2>{words.next}</h2>
        <ol className="steps">
          {words.nextSteps.map((step) => (
            <li key={step}>{step}</li>
          ))}
        </ol>
      </section>
    </aside>
  );
}

function Review(props: { readonly draft: Draft; readonly fee: string | null; readonly onClose: () => void }) {
  const { draft, fee, onClose } = props;
  const { create: words } = useWords();
  const numbers = useNumbers();
  const { decimals, description, execution, name, supply, symbol } = draft;
  const lines: readonly (readonly [string, ReactNode])[] = [
    [words.name, name],
    [words.symbol, symbol],
    [words.supply, numbers.exact(supply)],
    [words.decimals, decimals],
    [
      words.description,
      <span key="" className="stranger">
        {description === '' ? '—' : description}
      </span>,
    ],
    [words.execution, words.executions[execution]],
    [words.cost, fee === null ? '—' : `${numbers.exact(exactAmount(fee, WEI_DECIMALS))} ETH`],
  ];
  return (
    <OrderDialog
      title={words.reviewTitle(symbol)}
      button={words.confirm}
      ask={askBy(GiveCreateTokenDocument, (idempotencyKey) => ({
        input: { idempotencyKey, name, symbol, supply, decimals: Number(decimals), description, execution },
      }))}
      onClose={onClose}
      done={({ command }) => {
        const address = command?.outcome?.tokenAddress ?? command?.token ?? null;
        return address === null ? null : (
          <p className="order-done">
            {words.done(symbol)} <Link to={`/tokens/${address}`}>{words.open}</Link> ·{' '}
            <Link to={`/pools?open=${address}`}>{words.openPool}</Link>
          </p>
        );
      }}
    >
      <dl className="lines">
        {lines.map(([what, value]) => (
          <div key={what}>
            <dt>{what}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="dialog-foot">{words.forGood}</p>
    </OrderDialog>
  );
}
