/** Asks as the browser does, and no longer than so many milliseconds: a connection may be dead without anybody being told. */
export const fetchWithin =
  (milliseconds: number): typeof fetch =>
  (input, init) => {
    const signals = [AbortSignal.timeout(milliseconds), init?.signal ?? []].flat();
    return fetch(input, { ...init, signal: AbortSignal.any(signals) });
  };
