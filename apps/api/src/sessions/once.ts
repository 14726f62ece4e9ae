/** What is asked for several times in one request is found out once. */
export function once<Result>(find: () => Promise<Result>): () => Promise<Result> {
  let found: Promise<Result> | null = null;
  return () => (found ??= find());
}
