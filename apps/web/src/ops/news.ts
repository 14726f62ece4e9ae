import { useEffect, useRef, useState } from 'react';
import { after } from '../browser/later.js';
import { useNow } from '../ui/now.js';
import { type Calm, createCalm } from './calm.js';
import { useLive } from './live.js';
import { versionOf } from './versions.js';

// What a list is made of tells when there may be more of it. A list that goes by the news of anything else misses what comes later.

const CALM_MS = 5_000;

/** Changes whenever what the API answers of one read model may have changed. */
export function useAnswersOf(name: string): string {
  const { projections } = useLive();
  return versionOf(projections, name);
}

/** Of all read models together. */
export function useAnswersOfAll(): string {
  const { projections } = useLive();
  return projections.map(({ answersVersion }) => answersVersion).join();
}

/** Changes with the log. */
export const useLogHead = (): string => useLive().pipeline?.logHead ?? '';

/** Changes with each word of the server, once a second: for what nothing else tells of. */
export const useEachWord = (): string => useLive().pipeline?.at ?? '';

/** Changes every few seconds: for what nothing tells of, and what takes long to answer. */
export const useNowAndThen = (): string => String(Math.floor(useNow() / CALM_MS));

/** The newest value, told anew every few seconds at most: for what takes long to answer. */
export function useCalm(value: string): string {
  const [told, setTold] = useState(value);
  const calm = useRef<Calm<string> | null>(null);
  useEffect(() => {
    const mine = createCalm(setTold, after(CALM_MS));
    calm.current = mine;
    return () => mine.end();
  }, []);
  useEffect(() => calm.current?.hear(value), [value]);
  return told;
}
