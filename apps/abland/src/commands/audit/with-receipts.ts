import {
  type Bundle,
  type BundledEntry,
  type FactPlace,
  type JsonValue,
  parseCheckpoint,
  parseJson,
  parseNote,
  parseProof,
  placeOfFact,
  type ReceiptProof,
} from '@abland/audit-verify';
import { logIdOf } from '@abland/chain';
import { AblandError } from '@abland/kernel';

/** What proves events by more than the log. */
export interface ChainProofs {
  /** By a provider of its chain. @throws ReceiptUnprovableError, ReceiptGoneError, RpcUnavailableError */
  receipt(place: FactPlace): Promise<ReceiptProof>;
  /** That the tree of one size is the beginning of that of another, hashes in base64; null where there is no log at hand to say it. */
  readonly consistency: ((oldSize: number, size: number) => Promise<readonly string[]>) | null;
}

/** What is to be proved by a chain stands for no log of one. */
export class NoFactError extends AblandError {
  readonly code = 'NO_FACT';
}

/**
 * Adds to a bundle what proves its facts by their chain, and of those that tell an anchor of this log that it is one. Other entries stay as they are.
 * @throws NoFactError where none of them is a fact; ProofError MALFORMED
 */
export async function withReceipts(bundle: Bundle, proofs: ChainProofs): Promise<Bundle> {
  const entries: BundledEntry[] = [];
  for (const one of bundle.entries) {
    const event = parseJson(one.envelope ?? one.entry);
    const place = placeOfFact(event);
    if (place === null) entries.push(one);
    else
      entries.push({
        ...one,
        receipt: await proofs.receipt(place),
        anchor: (await anchorOf(event, one, proofs)) ?? one.anchor ?? null,
      });
  }
  if (entries.every(({ receipt }) => receipt === undefined))
    throw new NoFactError('No event of the bundle stands for a log of a chain');
  return { ...bundle, entries };
}

/** Null where it is no anchor of the log that the entry is of. */
async function anchorOf(
  event: JsonValue,
  { proof }: BundledEntry,
  { consistency }: ChainProofs,
): Promise<readonly string[] | null> {
  const { data, type } = event as { readonly [key: string]: JsonValue };
  if (type !== 'TreeHeadAnchored' || consistency === null) return null;
  const { logId, treeSize } = data as { readonly [key: string]: JsonValue };
  const { origin, size } = parseCheckpoint(parseNote(parseProof(proof).checkpoint).text);
  return logId === logIdOf(origin) ? consistency(Number(treeSize), size) : null;
}
