import type { ReactNode } from 'react';
import { useAsked } from '../api/asked.js';
import { TransactionDocument, type TransactionQuery } from '../api/operations.gen.js';
import { exactAmount, type NumberWords } from '../format/amounts.js';
import { words as asWords } from '../format/numbers.js';
import { useNumbers, useWords } from '../messages/language.js';
import type { Words } from '../messages/en.js';
import { useNews } from '../news/pulse.js';
import { CopyId } from '../ui/Copy.js';
import { Finality } from '../ui/Finality.js';
import { Link } from '../ui/Link.js';
import { Empty, PageHead, Time } from '../ui/parts.js';
import { Skeleton } from '../ui/Skeleton.js';

const WEI_DECIMALS = 18;

/** One transaction: what it did, how sure that is, and what it cost. */
export default function TransactionPage({
  parameters,
}: {
  readonly parameters: Readonly<Record<string, string>>;
}) {
  const hash = parameters['hash'] ?? '';
  const { people: words } = useWords();
  const numbers = useNumbers();
  const { data, refused } = useAsked({
    document: TransactionDocument,
    variables: { hash },
    version: useNews(),
  });
  if (data === undefined)
    return refused === null ? (
      <Skeleton label={words.transaction} />
    ) : (
      <Empty title={words.noTransaction}>{refused.message}</Empty>
    );
  const found = data.transaction ?? null;
  if (found === null) return <Empty title={words.noTransaction}>{words.noTransactionAbout}</Empty>;
  const { sent } = found;
  const rows = rowsOf(found, words, numbers);
  return (
    <>
      <PageHead title={found.type ? asWords(found.type) : words.transaction} about={words.transactionAbout}>
        <CopyId value={found.hash} what={words.transaction} />
      </PageHead>
      <section className="panel padded narrow">
        <dl className="lines">
          {rows.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
        {sent ? (
          <details className="input">
            <summary>{words.input(sent.inputBytes)}</summary>
            <pre className="payload">{sent.input}</pre>
          </details>
        ) : null}
      </section>
    </>
  );
}

type Found = NonNullable<TransactionQuery['transaction']>;

function rowsOf(
  found: Found,
  words: Words['people'],
  numbers: NumberWords,
): readonly (readonly [string, ReactNode])[] {
  const wei = (text: string): string => `${numbers.exact(exactAmount(text, WEI_DECIMALS))} ETH`;
  const { cost, sent } = found;
  return [
    [words.status, words.txStatuses[found.status]],
    [words.howFinal, <Finality key="" finality={found.finality ?? null} />],
    ...(found.blockNumber ? [[words.block, numbers.exact(String(found.blockNumber))] as const] : []),
    ...(found.time ? [[words.time, <Time key="" at={found.time} />] as const] : []),
    [
      words.from,
      <Link key="" to={`/address/${found.user}`}>
        <code>{found.user}</code>
      </Link>,
    ],
    ...(found.tokenAddress
      ? [
          [
            words.tokenOf,
            <Link key="" to={`/tokens/${found.tokenAddress}`}>
              <code>{found.tokenAddress}</code>
            </Link>,
          ] as const,
        ]
      : []),
    ...(found.poolId
      ? [
          [
            words.poolOf,
            <Link key="" to={`/pools/${found.poolId}`}>
              <code>{`${found.poolId.slice(0, 18)}…`}</code>
            </Link>,
          ] as const,
        ]
      : []),
    ...(found.failureReason
      ? [
          [
            words.failure,
            <span key="" className="stranger">
              {found.failureReason}
            </span>,
          ] as const,
        ]
      : []),
    ...(cost
      ? ([
          [words.cost, wei(cost.total)],
          [words.gas, numbers.exact(cost.gasUsed)],
          [words.payer, <CopyId key="" value={cost.payer} what={words.payer} />],
        ] as const)
      : []),
    ...(sent ? [[words.sentValue, wei(sent.value)] as const] : []),
  ];
}
