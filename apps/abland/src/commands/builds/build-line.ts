import type { BuildView, TimeLeft } from '@abland/projections';

/** A build in a list: what becomes of it, how far and how fast it is, and who asked for it. */
export function buildLine(build: BuildView): string {
  const { askedAt, askedBy, explained, lastError, name } = build;
  const why = `by ${askedBy} at ${askedAt}: ${build.reason}`;
  const error = lastError === null ? '' : `  last error: ${lastError}`;
  const found = explained === null ? '' : `, ${explained ? 'nothing' : 'something'} differs unexplained`;
  return `${name.padEnd(16)} ${String(build.build).padStart(4)} ${doingOf(build).padEnd(20)} ${build.definition} ${placeOf(build)}${found}  ${why}${error}`;
}

function doingOf({ activity, state }: BuildView): string {
  return state === 'LIVE' || activity === 'STALLED' || activity === 'RETRYING'
    ? `${state} (${activity})`
    : state;
}

function placeOf({
  behind,
  checkpoint,
  eventsPerSecond,
  memoryBytes,
  parked,
  violations,
  state,
  target,
  timeLeft,
}: BuildView): string {
  const to = state === 'BUILDING' ? ` of ${target ?? '-'}` : '';
  const left = state === 'BUILDING' ? `, ${timeLeftLine(timeLeft)}` : '';
  const memory = memoryBytes === null ? '' : `, ${Math.round(memoryBytes / 2 ** 20)} MiB`;
  return `at ${checkpoint ?? '-'}${to}, behind ${behind ?? '-'}, ${eventsPerSecond} a second${left}${memory}, parked ${parked}${violations > 0 ? `, does NOT add up (${violations})` : ''}`;
}

export function timeLeftLine(timeLeft: TimeLeft | null): string {
  if (timeLeft === null) return 'time left not known yet';
  const { seconds, within } = timeLeft;
  return `${Math.ceil(seconds)} s left, give or take ${Math.ceil(within)} s`;
}
