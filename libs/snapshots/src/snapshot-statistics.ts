/** What became of loads and of the making of snapshots. */
export interface SnapshotStatistics {
  /** Loads from a snapshot on. */
  used: number;
  /** Loads that folded the whole stream, for any reason. */
  foldedWhole: number;
  /** Snapshots that were found and not used: of another state version, of another log, not as saved. */
  otherVersion: number;
  otherLog: number;
  damaged: number;
  /** Not used because the event asked about may be among those it stands for. */
  perhapsRepeated: number;
  /** Loads without the store of snapshots. */
  unavailable: number;
  saved: number;
  /** Not saved for an error. */
  failed: number;
  /** Compared with a fold of the whole stream. */
  verified: number;
  /** Of these, not equal to it: a defect. */
  differed: number;
}

export const newStatistics = (): SnapshotStatistics => ({
  used: 0,
  foldedWhole: 0,
  otherVersion: 0,
  otherLog: 0,
  damaged: 0,
  perhapsRepeated: 0,
  unavailable: 0,
  saved: 0,
  failed: 0,
  verified: 0,
  differed: 0,
});
