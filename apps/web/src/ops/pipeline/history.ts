import { useEffect, useRef, useState } from 'react';
import { useAsked } from '../../api/asked.js';
import { connection } from '../../api/connection.js';
import { PipelineHistoryDocument } from '../../api/operations.gen.js';
import { useStore } from '../../browser/store.js';
import type { Pipeline } from '../live.js';

/** A stage over the last hour; lists of one length. */
export interface Series {
  readonly at: readonly number[];
  readonly behind: readonly (number | null)[];
  readonly perSecond: readonly number[];
}

const KEPT_SECONDS = 3_600;
const NONE: Series = { at: [], behind: [], perSecond: [] };

/** What the server kept of the last hour, and what is told from now on. */
export function useHistory(pipeline: Pipeline | null): (name: string) => Series {
  const isLost = useStore(connection).status === 'lost';
  const { data } = useAsked({
    document: PipelineHistoryDocument,
    variables: {},
    // What was not heard while the connection was gone the server has.
    version: String(isLost),
  });
  const all = useRef(new Map<string, Series>());
  const [, drawn] = useState(0);
  useEffect(() => {
    if (data === undefined) return;
    for (const { at, behind, name, perSecond } of data.pipelineHistory) {
      const known = behind.map((value) => (value < 0 ? null : value));
      all.current.set(name, { at, behind: known, perSecond });
    }
    drawn((before) => before + 1);
  }, [data]);
  useEffect(() => {
    if (pipeline === null) return;
    const at = Date.parse(pipeline.at) / 1000;
    for (const { behind, name, perSecond } of pipeline.stages)
      all.current.set(name, grown(all.current.get(name) ?? NONE, at, behind, perSecond));
    drawn((before) => before + 1);
  }, [pipeline]);
  return (name) => all.current.get(name) ?? NONE;
}

/** Samples of the server are ten seconds apart, ours one: the newest minutes are drawn more finely. */
export function grown(before: Series, at: number, behind: number | null, perSecond: number): Series {
  const from = before.at.findIndex((one) => one >= at - KEPT_SECONDS);
  const kept = from < 0 ? NONE : from === 0 ? before : sliced(before, from);
  if ((kept.at.at(-1) ?? 0) >= at) return kept;
  return {
    at: [...kept.at, at],
    behind: [...kept.behind, behind],
    perSecond: [...kept.perSecond, perSecond],
  };
}

const sliced = ({ at, behind, perSecond }: Series, from: number): Series => ({
  ...{ at: at.slice(from), behind: behind.slice(from), perSecond: perSecond.slice(from) },
});
