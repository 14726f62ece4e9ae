import { eventStoreKind, openBareEventStore, openLogImporter, postgresLogId } from '@abland/event-store';
import { AblandError, type EventStore, type Logger } from '@abland/kernel';
import { copyLog, type CopyOptions, type CopyReport } from './copy-log.js';

/** A copy that makes no sense as it was asked for; nothing was written. */
export class LogCopyRefusedError extends AblandError {
  readonly code = 'LOG_COPY_REFUSED';
}

export interface StoreCopyOptions extends Pick<CopyOptions, 'onProgress' | 'signal'> {
  /** postgres:// or esdb:// */
  readonly fromUrl: string;
  readonly toUrl: string;
  readonly logger: Logger;
  /**
   * Runs the copy, once the source is known to hold events and the target to be another store, and may record in the source
   * that it does: what it appends before and after is copied too.
   */
  readonly recorded?: (copy: () => Promise<CopyReport>) => Promise<CopyReport>;
}

/**
 * Copies the log behind one URL to the one behind another, with its recorded times.
 * @throws LogCopyRefusedError where both are one store or the source is empty; UnknownEventStoreError for another scheme;
 *   and as `copyLog` does.
 */
export async function copyStore({
  fromUrl,
  toUrl,
  logger,
  recorded,
  ...options
}: StoreCopyOptions): Promise<CopyReport> {
  const [fromKind, toKind] = [eventStoreKind(fromUrl), eventStoreKind(toUrl)];
  if (addressOf(fromUrl) === addressOf(toUrl)) throw sameStore();
  const undo: (() => Promise<unknown>)[] = [];
  const opened = async (url: string): Promise<EventStore> => {
    const store = await openBareEventStore(url, logger);
    undo.push(() => store.close());
    return store;
  };
  try {
    const from = await opened(fromUrl);
    if ((await from.head()) === null) throw new LogCopyRefusedError('The source holds no events');
    const to = await opened(toUrl);
    const bothPostgres = fromKind === 'postgres' && toKind === 'postgres';
    if (bothPostgres && (await postgresLogId(fromUrl)) === (await postgresLogId(toUrl))) throw sameStore();
    const copy = async (): Promise<CopyReport> => {
      const importer = await openLogImporter(toUrl);
      try {
        return await copyLog({ from, to, importer, ...options });
      } finally {
        await importer.close();
      }
    };
    if (recorded === undefined) return await copy();
    const { copied } = await recorded(copy);
    const last = await copy();
    return { ...last, copied: copied + last.copied };
  } finally {
    for (let last = undo.pop(); last !== undefined; last = undo.pop()) await last();
  }
}

const sameStore = (): LogCopyRefusedError =>
  new LogCopyRefusedError('The source and the target are the same store');

/** Host, port and database: who asks and with which options makes no other store of it. */
function addressOf(url: string): string {
  try {
    const { host, pathname, protocol } = new URL(url);
    return `${protocol.replace('postgresql', 'postgres')}//${host}${pathname}`;
  } catch {
    return url; // a cluster's list of hosts is no URL to Node
  }
}
