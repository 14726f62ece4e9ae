/** Exactly one place of the source, and what it reads without the guard. */
export type Change = readonly [text: string, replacement: string];

export interface Guard {
  /** The test that has to fail without it. */
  readonly attack: string;
  /** What keeps the attack from working. */
  readonly guard: string;
  /** As the compiler names it; of OpenZeppelin's sources as well. */
  readonly source: string;
  readonly changes: readonly Change[];
}

export class GuardNotFoundError extends Error {
  override readonly name = 'GuardNotFoundError';
}

/** @throws GuardNotFoundError where the source does not read as the list of guards says */
export function without({ attack, guard, source, changes }: Guard, text: string): string {
  return changes.reduce((changed, [old, replacement]) => {
    const times = changed.split(old).length - 1;
    if (times === 1) return changed.replace(old, () => replacement);
    throw new GuardNotFoundError(
      `${attack}: the guard "${guard}" is in ${source} ${times} times instead of once:\n${old}`,
    );
  }, text);
}
