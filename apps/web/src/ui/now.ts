import { useEffect } from 'react';
import { createStore, useStore } from '../browser/store.js';

const now = createStore(Date.now());
let users = 0;
let timer: ReturnType<typeof setInterval> | undefined;

/** The time, each second: one clock for the whole page. */
export function useNow(): number {
  useEffect(() => {
    users += 1;
    timer ??= setInterval(() => now.set(Date.now()), 1_000);
    return () => {
      users -= 1;
      if (users > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  }, []);
  return useStore(now);
}
