import type { EventProof, LogSigner, ServedTree } from '@abland/audit';
import { parseProof, parseVerifierKey, verifyProof } from '@abland/audit-verify';
import type { EventStore } from '@abland/kernel';

/** Proofs of events spread over the log, one after the other; then all of them checked as a stranger checks them. */
export async function proveAndVerify(
  log: EventStore,
  tree: ServedTree,
  proofs: number,
  signer: LogSigner,
): Promise<{ readonly proveMsP99: number; readonly verifySeconds: number }> {
  const head = Number((await log.head()) ?? 0n);
  const made: EventProof[] = [];
  const times: number[] = [];
  for (let count = 0; count < proofs; count += 1) {
    const after = BigInt(Math.floor((count * 7_919) % head));
    const begun = performance.now();
    const [event] = (await log.readAll({ after, maxCount: 1 })[Symbol.asyncIterator]().next()).value ?? [];
    const proof = event === undefined ? null : await tree.prove(event);
    times.push(performance.now() - begun);
    if (proof !== null) made.push(proof);
  }
  const trust = { logKeys: [parseVerifierKey(signer.verifierKeys.trim())], witnessKeys: [], witnessesMin: 0 };
  const begun = performance.now();
  for (const { entry, proof } of made) verifyProof(parseProof(proof), Buffer.from(entry), trust);
  const verifySeconds = (performance.now() - begun) / 1_000;
  return {
    proveMsP99: times.toSorted((a, b) => a - b)[Math.floor(times.length * 0.99)] ?? NaN,
    verifySeconds,
  };
}
