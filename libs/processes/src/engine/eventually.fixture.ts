const PAUSE_MS = 10;
const PATIENCE_MS = 50_000;

/** Repeats an expectation until it holds. */
export async function eventually(expectation: () => void | Promise<void>): Promise<void> {
  const giveUpAt = Date.now() + PATIENCE_MS;
  for (;;) {
    try {
      await expectation();
      return;
    } catch (error) {
      if (Date.now() > giveUpAt) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
