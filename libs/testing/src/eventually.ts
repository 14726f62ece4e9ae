/** Longer than anything takes that comes at all, on a machine however slow and busy. */
export const WITHIN_MS = 120_000;
const LOOK_AGAIN_MS = 10;

/** Returns once the expectations hold. @throws what they failed with when the milliseconds are over */
export async function eventually(
  expectations: () => void | Promise<void>,
  withinMs = WITHIN_MS,
): Promise<void> {
  for (const end = performance.now() + withinMs; ;) {
    try {
      return await expectations();
    } catch (error) {
      if (performance.now() > end) throw error;
      await lookAgain();
    }
  }
}

/** Returns once something holds. @throws when the time is over, with how it stands then */
export async function until(
  holds: () => boolean | Promise<boolean>,
  standing: () => unknown = () => String(holds),
  lookAgainMs = LOOK_AGAIN_MS,
): Promise<void> {
  for (const end = performance.now() + WITHIN_MS; !(await holds());) {
    if (performance.now() > end) throw new Error(`It never came to that: ${shown(await standing())}`);
    await lookAgain(lookAgainMs);
  }
}

const lookAgain = (afterMs = LOOK_AGAIN_MS): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, afterMs));

const shown = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : JSON.stringify(value, (_key, part: unknown) => (typeof part === 'bigint' ? String(part) : part));
