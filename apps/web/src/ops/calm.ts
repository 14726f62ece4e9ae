import type { Later } from '../browser/later.js';

export interface Calm<Value> {
  /** It is this by now. */
  hear(value: Value): void;
  /** Nothing is told any more. */
  end(): void;
}

/** Tells the first value at once, and after each that it told the next one later: whichever is the newest by then. */
export function createCalm<Value>(tell: (value: Value) => void, later: Later): Calm<Value> {
  let heard: { readonly value: Value } | null = null;
  let told: { readonly value: Value } | null = null;
  let forget: (() => void) | null = null;

  function tellNewest(): void {
    forget = null;
    if (heard === null || heard.value === told?.value) return;
    told = heard;
    tell(heard.value);
  }
  return {
    hear(value) {
      heard = { value };
      if (told === null) tellNewest();
      else if (value !== told.value) forget ??= later(tellNewest);
    },
    end() {
      forget?.();
    },
  };
}
