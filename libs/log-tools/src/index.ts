export { copyLog, type CopyOptions, type CopyReport, LogCopyError } from './copy/copy-log.js';
export type { CopyProgress } from './copy/copy-progress.js';
export { copyStore, LogCopyRefusedError, type StoreCopyOptions } from './copy/copy-stores.js';
export { EventChecksum } from './copy/event-checksum.js';
export {
  type EventName,
  findEvent,
  type LogStatistics,
  measureLog,
  tailEvents,
  type TailOptions,
} from './inspect-log.js';
export { newestInStream, positionRecordedBy, recordedAtPosition, type SearchedLog } from './recorded-by.js';
