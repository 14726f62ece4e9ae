/**
 * However many ask, it is looked once at a time. Whoever asks while a look is under way is told what the next one sees: it begins
 * after they asked.
 */
export function joined<Result>(look: () => Promise<Result>): () => Promise<Result> {
  let underWay: Promise<unknown> = Promise.resolve();
  let next: Promise<Result> | null = null;
  return () => {
    next ??= underWay.then(() => {
      next = null;
      const looked = look();
      underWay = looked.catch(() => undefined);
      return looked;
    });
    return next;
  };
}
