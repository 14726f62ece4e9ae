export { type Bundle, type BundledEntry, formatBundle, parseBundle, parseJson } from './bundles/bundle.js';
export { type VerifiedBundle, type VerifiedEntry, verifyBundle } from './bundles/verify-bundle.js';
export { fromBase64, toBase64 } from './bytes/base64.js';
export { areEqual, concatenated, fromHex, fromUtf8, toHex, toUtf8 } from './bytes/bytes.js';
export { malformed, PROOF_FAULTS, ProofError, type ProofFault } from './faults/proof-error.js';
export { canonicalJson, type JsonValue } from './json/canonical.js';
export { checkConsistency, checkInclusion, type TreeHead } from './merkle/check-proof.js';
export {
  consistencyRanges,
  foldRight,
  hashRanges,
  inclusionRanges,
  type SubtreeHashes,
  treeRoot,
} from './merkle/make-proof.js';
export type { LeafRange, Subtree } from './merkle/subtrees.js';
export {
  HASH_BYTES,
  PORTABLE_HASHER,
  type Sha256,
  type TreeHasher,
  treeHasher,
} from './merkle/tree-hasher.js';
export { EMPTY_FRONTIER, type Frontier, rootOf, withLeaves } from './monitoring/frontier.js';
export { Finding, type FindingCode, FINDINGS } from './monitoring/finding.js';
export { followHeads, requireNews, type ServedTop, type WatchedLog } from './monitoring/follow-heads.js';
export {
  beginFollowing,
  type FollowedLog,
  formatFollowed,
  newestOf,
  parseFollowed,
} from './monitoring/followed-log.js';
export { readEntries } from './monitoring/read-entries.js';
export type { CheckpointPlace, LogPlace } from './monitoring/watched-place.js';
export { type Checkpoint, formatCheckpoint, parseCheckpoint } from './notes/checkpoint.js';
export { cosignedMessage, encodeCosignature } from './notes/cosignature.js';
export {
  formatNote,
  formatSignature,
  type NoteSignature,
  parseNote,
  parseSignature,
  type SignedNote,
  type VerifiedSignature,
  verifyNote,
} from './notes/signed-note.js';
export {
  formatVerifierKey,
  isKeyName,
  parseVerifierKey,
  type SignatureType,
  type VerifierKey,
  verifierKey,
} from './notes/verifier-key.js';
export { formatProof, parseProof, type TlogProof, verifyProof } from './proofs/tlog-proof.js';
export { type Trust, trustCheckpoint, type TrustedCheckpoint } from './proofs/trust.js';
export { type FactLog, logOfFact } from './receipts/fact-log.js';
export { FACT_LOGS } from './receipts/fact-logs.js';
export {
  type FactOnChain,
  type FactPlace,
  placeOfFact,
  type ReceiptProof,
  verifyReceipt,
} from './receipts/receipt-proof.js';
export { decodeBundle, encodeBundle, ENTRY_BYTES_MAX } from './tiles/entry-bundle.js';
export { hashAt, hashOfPart, subtreeHashes, type TileAt, type Tiles } from './tiles/tile-hashes.js';
export {
  hashesAtLevel,
  parseTilePath,
  TILE_HEIGHT,
  TILE_WIDTH,
  type TileName,
  tilePath,
  widthInTree,
} from './tiles/tile-path.js';
