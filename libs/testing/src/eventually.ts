const LOOK_AGAIN_MS = 20;

/** Returns once the expectations hold. @throws what they failed with when the milliseconds are over */
export async function eventually(expectations: () => void | Promise<void>, withinMs = 5_000): Promise<void> {
  for (const until = performance.now() + withinMs; ;) {
    try {
      return await expectations();
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
    }
  }
}
