/** A command that a process could not have carried out, or an event that it could not handle. */
export interface ParkedByProcess {
  readonly process: string;
  /** Of the command, or of the event. */
  readonly stream: string;
  /** Of the command, or of the event. */
  readonly type: string;
  /** The event, or the one that the command follows from; a timer names itself. */
  readonly causeId: string;
}

const ID = /^PROCESS\/([a-z]{1,40}(?:-\d{1,15})?)\/([^/]{1,100})\/([A-Za-z]{1,60})\/(.{1,120})$/;

/** What the id of something parked says, as `parkedEvents` tells it; null where no process parked it. */
export function parkedByProcess(id: string): ParkedByProcess | null {
  const [, process, stream, type, causeId] = ID.exec(id) ?? [];
  if (process === undefined || stream === undefined || type === undefined || causeId === undefined)
    return null;
  return { process, stream, type, causeId };
}
