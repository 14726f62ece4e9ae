/**
 * What a browser keeps of a page, where it keeps anything: where a person has blocked that, or nothing more fits, it is as if it was never
 * kept, and the page goes on.
 */
export interface Kept {
  get(key: string): string | null;
  set(key: string, value: string): void;
  remove(key: string): void;
}

/** @param storage may throw: also to name it is refused where it is blocked */
export function keptIn(storage: () => Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>): Kept {
  const trying = <Result>(work: () => Result, otherwise: Result): Result => {
    try {
      return work();
    } catch {
      return otherwise;
    }
  };
  return {
    get: (key) => trying(() => storage().getItem(key), null),
    set: (key, value) => trying(() => storage().setItem(key, value), undefined),
    remove: (key) => trying(() => storage().removeItem(key), undefined),
  };
}

/** For this browser. */
export const keptHere = keptIn(() => localStorage);
/** For this tab alone, and the tabs that were made of it. */
export const keptForTab = keptIn(() => sessionStorage);
