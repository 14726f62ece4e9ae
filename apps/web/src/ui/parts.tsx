import type { ReactNode } from 'react';
import { duration, shortId } from '../format/numbers.js';
import { fullTime, localTime, utcTime } from '../format/times.js';
import { useNow } from './now.js';

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'idle';

export function Badge({ tone, children }: { readonly tone: Tone; readonly children: ReactNode }) {
  return (
    <span className="badge" data-tone={tone}>
      <span className="dot" aria-hidden="true" />
      {children}
    </span>
  );
}

/** A moment in the viewer's zone; in UTC where one points at it. */
export function Time({ at }: { readonly at: string | number }) {
  const ms = typeof at === 'number' ? at : Date.parse(at);
  return (
    <time dateTime={new Date(ms).toISOString()} title={`${utcTime(ms)}\n${fullTime(ms)}`}>
      {localTime(ms)}
    </time>
  );
}

/** How long ago, counting on. */
export function Ago({ at }: { readonly at: string }) {
  const ms = Date.parse(at);
  const seconds = Math.max(0, (useNow() - ms) / 1000);
  return (
    <time dateTime={at} title={utcTime(ms)}>
      {seconds < 2 ? 'now' : `${duration(seconds)} ago`}
    </time>
  );
}

/** How old, in its largest unit. */
export function Age({ at }: { readonly at: string }) {
  const ms = Date.parse(at);
  const [largest = ''] = /^\d+ \w+/.exec(duration(Math.max(0, (useNow() - ms) / 1000))) ?? [];
  return (
    <time dateTime={at} title={`${utcTime(ms)}\n${fullTime(ms)}`}>
      {largest}
    </time>
  );
}

/** An id or an address, shortened, whole where one points at it. */
export function Id({
  value,
  head,
  tail,
}: {
  readonly value: string;
  readonly head?: number;
  readonly tail?: number;
}) {
  return (
    <code className="id" title={value}>
      {shortId(value, head, tail)}
    </code>
  );
}

export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }) {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <p>{children}</p>}
    </div>
  );
}

/** While the first answer is on its way. */
export function Waiting({ what }: { readonly what: string }) {
  return (
    <div className="waiting" role="status">
      <span className="spinner" aria-hidden="true" />
      {what}
    </div>
  );
}

export function Progress({ part, label }: { readonly part: number; readonly label: string }) {
  return <progress className="progress" max={1} value={Math.min(1, Math.max(0, part))} aria-label={label} />;
}

export function Facts({ children }: { readonly children: ReactNode }) {
  return <dl className="facts">{children}</dl>;
}

export function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

export function PageHead({
  title,
  about,
  children,
}: {
  readonly title: string;
  readonly about: string;
  readonly children?: ReactNode;
}) {
  return (
    <header className="page-head">
      <div>
        <h1>{title}</h1>
        <p>{about}</p>
      </div>
      {children === undefined ? null : <div className="page-tools">{children}</div>}
    </header>
  );
}
