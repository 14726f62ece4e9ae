import { type ReactNode, useEffect, useRef, useState } from 'react';
import { type AnyVariables, type Client, type TypedDocumentNode, useClient } from 'urql';
import { newActKey } from '../api/act-key.js';
import { type Told, toldOf } from '../api/errors.js';
import {
  type ReceiptFieldsFragment,
  SubmitSignatureDocument,
  SubmitTransactionDocument,
} from '../api/operations.gen.js';
import { session } from '../api/session.js';
import { useStore } from '../browser/store.js';
import { useWords } from '../messages/language.js';
import { Dialog } from '../ui/Dialog.js';
import { chosenWallet } from '../wallet/own-wallet.js';
import { carryOut, type Done, type Failure, NotCarriedOut, nothingDone, type Step } from './carry-out.js';
import { OrderProgress, useProgress } from './OrderProgress.js';
import type { Progress } from './progress.js';
import { WhatIsSigned } from './WhatIsSigned.js';

const LOOK_MS = 400;
const ANSWER_MS = 30_000;
/** Some minutes: blocks of a public chain come when they come. */
const LOOKS_MAX = 600;

/** An order whose input is made once, with its key: asked for again, it is the same command. */
export type AskOrder = (idempotencyKey: string) => (client: Client) => Promise<Receipt | Told>;
export type Receipt = ReceiptFieldsFragment;

/** Gives a command by its mutation, which names its answer `receipt`. */
export const askBy =
  <Variables extends AnyVariables>(
    document: TypedDocumentNode<{ readonly receipt: Receipt }, Variables>,
    variables: (idempotencyKey: string) => Variables,
  ): AskOrder =>
  (key) => {
    const given = variables(key);
    return async (client) => {
      const { data, error } = await client.mutation(document, given).toPromise();
      if (error !== undefined) return toldOf(error);
      return data?.receipt ?? { code: null, message: 'The server did not answer' };
    };
  };

export interface OrderDialogProps {
  readonly title: string;
  /** The terms, before anything is asked for. */
  readonly children: ReactNode;
  readonly button: string;
  readonly ask: AskOrder;
  readonly onClose: () => void;
  /** What is shown once the chain has it. */
  readonly done?: (progress: Progress) => ReactNode;
}

type Phase =
  | { readonly name: 'terms'; readonly told: Told | null; readonly busy: boolean }
  | {
      readonly name: 'signing';
      readonly receipt: Receipt;
      readonly step: Step | null;
      readonly failure: Failure | null;
    }
  | { readonly name: 'following'; readonly commandId: string; readonly isUnsure: boolean };

/** An order from its terms to what is signed, to the chain, to where nothing takes it back. Nothing is signed that was not shown. */
export function OrderDialog({ ask, button, children, done, onClose, title }: OrderDialogProps) {
  const client = useClient();
  const { orders: words } = useWords();
  // What was first asked for is what is asked again where the answer was lost.
  const asked = useRef<ReturnType<AskOrder> | null>(null);
  const already = useRef(nothingDone());
  const [phase, setPhase] = useState<Phase>({ name: 'terms', told: null, busy: false });
  const isHere = useRef(true);
  useEffect(() => {
    isHere.current = true;
    return () => void (isHere.current = false);
  }, []);

  const isBusy = phase.name === 'terms' ? phase.busy : phase.name === 'signing' && phase.step !== null;
  const begin = async (): Promise<void> => {
    setPhase({ name: 'terms', told: null, busy: true });
    asked.current ??= ask(newActKey('web'));
    const answer = await asked.current(client);
    if (!isHere.current) return;
    if ('message' in answer) return setPhase({ name: 'terms', told: answer, busy: false });
    setPhase({ name: 'signing', receipt: answer, step: null, failure: null });
  };
  const sign = async (receipt: Receipt): Promise<void> => {
    const failure = await signed(client, receipt, already.current, (step) => {
      if (isHere.current) setPhase({ name: 'signing', receipt, step, failure: null });
    });
    if (!isHere.current) return;
    if (failure === null || failure.why === 'unsure')
      setPhase({ name: 'following', commandId: receipt.commandId, isUnsure: failure !== null });
    else setPhase({ name: 'signing', receipt, step: null, failure });
  };

  return (
    <Dialog title={title} onClose={onClose} isBusy={isBusy}>
      {phase.name === 'following' ? (
        <Following {...phase} done={done} onClose={onClose} />
      ) : phase.name === 'signing' ? (
        <Signing {...phase} terms={children} onSign={() => void sign(phase.receipt)} onClose={onClose} />
      ) : (
        <>
          {children}
          {phase.told === null ? null : (
            <p className="refused" role="alert">
              {phase.told.code === null ? null : <code>{phase.told.code}</code>} {phase.told.message}
            </p>
          )}
          <footer>
            <button type="button" onClick={onClose}>
              {words.cancel}
            </button>
            <button type="button" className="main" disabled={phase.busy} onClick={() => void begin()}>
              {phase.busy ? words.asking : button}
            </button>
          </footer>
        </>
      )}
    </Dialog>
  );
}

/** @returns null: it is signed and handed in */
async function signed(
  client: Client,
  receipt: Receipt,
  already: Done,
  onStep: (step: Step) => void,
): Promise<Failure | null> {
  const wallet = chosenWallet();
  const who = session.get();
  if (wallet === null || who === null)
    return { why: 'other', told: 'The wallet that signed in is not there' };
  const handIn = async (asked: Promise<{ readonly error?: Parameters<typeof toldOf>[0] }>): Promise<void> => {
    const { error } = await asked;
    if (error !== undefined) throw new Error(toldOf(error).message);
  };
  try {
    await carryOut(receipt, {
      ...{ wallet, address: who.address, done: already, onStep },
      ...{ looksMax: LOOKS_MAX, answerMs: ANSWER_MS },
      submitTransaction: (commandId, txHash) =>
        handIn(client.mutation(SubmitTransactionDocument, { commandId, txHash }).toPromise()),
      submitSignature: (commandId, signature) =>
        handIn(client.mutation(SubmitSignatureDocument, { commandId, signature }).toPromise()),
      pause: () => new Promise((resolve) => setTimeout(resolve, LOOK_MS)),
    });
    return null;
  } catch (error) {
    return error instanceof NotCarriedOut ? error.failure : { why: 'other', told: String(error) };
  }
}

function Signing(props: {
  readonly terms: ReactNode;
  readonly receipt: Receipt;
  readonly step: Step | null;
  readonly failure: Failure | null;
  readonly onSign: () => void;
  readonly onClose: () => void;
}) {
  const { failure, onClose, onSign, receipt, step, terms } = props;
  const { orders: words } = useWords();
  useStore(session);
  return (
    <>
      <p className="dialog-about">{words.signAbout}</p>
      {terms}
      <WhatIsSigned receipt={receipt} step={step} />
      {failure === null ? null : (
        <p className="refused" role="alert">
          {words.failures[failure.why]}
          {'told' in failure ? <small> {failure.told}</small> : null}
        </p>
      )}
      <p className="dialog-foot">{words.deadlineAbout}</p>
      <footer>
        <button type="button" onClick={onClose} disabled={step !== null}>
          {words.cancel}
        </button>
        <button type="button" className="main" disabled={step !== null} onClick={onSign}>
          {step === null ? (failure === null ? words.sign : words.tryAgain) : words.steps[step.at]}
        </button>
      </footer>
    </>
  );
}

function Following(props: {
  readonly commandId: string;
  readonly isUnsure: boolean;
  readonly done: OrderDialogProps['done'];
  readonly onClose: () => void;
}) {
  const { orders: words } = useWords();
  const progress = useProgress(props.commandId);
  return (
    <>
      {props.isUnsure && progress.command?.txHash === null ? (
        <p className="refused" role="alert">
          {words.failures.unsure}
        </p>
      ) : null}
      <OrderProgress progress={progress} />
      {progress.command?.finality && !progress.isRetracted ? props.done?.(progress) : null}
      <footer>
        <button type="button" className="main" onClick={props.onClose}>
          {words.close}
        </button>
      </footer>
    </>
  );
}
