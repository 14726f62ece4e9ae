import { runDemo } from '../src/demo/demo.js';
import type { SystemUnderTest } from './system-under-test.js';

/** A small generator with a seed, so that a failure can be looked at again. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The demo, not waiting for finality. */
export const demo = (system: SystemUnderTest, run: string): Promise<unknown> =>
  runDemo({ apiUrl: system.apiUrl, rpcUrl: system.rpcUrl, run, untilFinal: false, print: () => undefined });

/** What a person meets while a part is being started again: nothing to do with what they asked for. */
export const OUT_OF_REACH: ReadonlySet<unknown> = new Set([
  'API_UNREACHABLE',
  'CHAIN_RPC_UNAVAILABLE',
  'COMMAND_LATE',
  'SERVICE_UNAVAILABLE',
]);
const BACK_WITHIN_MS = 120_000;

/** The demo to its end, asked for again while a part is out of reach. Every other error is a failure. */
export async function demoToItsEnd(system: SystemUnderTest, run: string): Promise<void> {
  for (const deadline = Date.now() + BACK_WITHIN_MS; ;) {
    try {
      await demo(system, run);
      return;
    } catch (error) {
      const code = (error as { readonly code?: unknown }).code;
      if (Date.now() > deadline || !OUT_OF_REACH.has(code)) throw error;
      await new Promise((resolve) => setTimeout(resolve, 250));
    }
  }
}
