import { parseProof, parseVerifierKey, toUtf8, verifyProof } from '@abland/audit-verify';
import type { Kept } from '../browser/kept.js';

/** What was reckoned of a proof. */
export interface Verified {
  readonly holds: boolean;
  /** Leaves of the tree that it is in. */
  readonly size: string;
}

const KEY = 'abland.log-keys';

/**
 * Whether an event is in the log, and the log signed by a key that this browser knows: those that the server told it first. Others are
 * not believed afterwards, whoever tells them.
 * @param eventId must be that of the entry, and so its type: a proof of another event proves nothing
 */
export function verifyInclusion(
  told: { readonly entry: string; readonly proof: string },
  {
    eventId,
    kept,
    type,
    verifierKeys,
  }: { eventId: string; type: string | undefined; verifierKeys: readonly string[]; kept: Kept },
): Verified {
  const known = kept.get(KEY);
  const keys = known === null ? verifierKeys : known.split('\n');
  if (!isOf(told.entry, eventId, type)) return { holds: false, size: '' };
  try {
    const trust = { logKeys: keys.map(parseVerifierKey), witnessKeys: [], witnessesMin: 0 };
    const { size } = verifyProof(parseProof(told.proof), toUtf8(told.entry), trust);
    if (known === null) kept.set(KEY, keys.join('\n'));
    return { holds: true, size: String(size) };
  } catch {
    return { holds: false, size: '' };
  }
}

/** The event itself, or the line that stands for a large one, names it. */
function isOf(entry: string, eventId: string, type: string | undefined): boolean {
  try {
    const told = JSON.parse(entry) as Readonly<Record<string, unknown>>;
    const isNamed = told['id'] === eventId || told['eventId'] === eventId;
    return isNamed && (type === undefined || told['type'] === undefined || told['type'] === type);
  } catch {
    return false;
  }
}
