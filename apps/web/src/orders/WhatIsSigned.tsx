import { useWords } from '../messages/language.js';
import { CopyId } from '../ui/Copy.js';
import type { ReceiptFieldsFragment } from '../api/operations.gen.js';
import type { Step } from './carry-out.js';

interface Signed {
  readonly name: string;
  readonly about: string;
  readonly to: string | null;
  readonly chainId: number;
  readonly value: string;
  readonly data: string;
}

/** Every signature that an order takes, with what exactly it is of. */
export function WhatIsSigned({
  receipt,
  step,
}: {
  readonly receipt: Pick<
    ReceiptFieldsFragment,
    'approvals' | 'transaction' | 'signatureRequest' | 'chainId' | 'kind'
  >;
  readonly step: Step | null;
}) {
  const { orders: words } = useWords();
  const { approvals, chainId, kind, signatureRequest, transaction } = receipt;
  const name = words.kinds[kind as keyof typeof words.kinds] ?? kind;
  const all: Signed[] = [
    ...approvals.map((one) => ({ ...one, name: words.approval, about: words.approvalAbout(one.amount) })),
    ...(transaction ? [{ ...transaction, name, about: words.transactionAbout }] : []),
    ...(signatureRequest
      ? [
          {
            ...{ name, about: words.requestAbout, to: null, value: '0', chainId },
            data: JSON.stringify(signatureRequest, null, 2),
          },
        ]
      : []),
  ];
  const now = step === null ? -1 : 'index' in step ? step.index : all.length - 1;
  return (
    <ol className="signed">
      {all.map((one, index) => (
        <li key={index} aria-current={index === now ? 'step' : undefined} data-done={index < now}>
          <span className="signed-number" aria-hidden="true">
            {index + 1}
          </span>
          <div>
            <strong>{one.name}</strong>
            <p>{one.about}</p>
            <details>
              <summary>{words.details}</summary>
              <dl className="facts">
                <div>
                  <dt>{words.chain}</dt>
                  <dd>{one.chainId}</dd>
                </div>
                {one.to === null ? null : (
                  <div>
                    <dt>{words.contract}</dt>
                    <dd>
                      <CopyId value={one.to} what={words.contract} />
                    </dd>
                  </div>
                )}
                <div>
                  <dt>{words.value}</dt>
                  <dd>{one.value} wei</dd>
                </div>
              </dl>
              <pre className="payload">{one.data}</pre>
            </details>
          </div>
        </li>
      ))}
    </ol>
  );
}
