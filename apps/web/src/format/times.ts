const time = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit', second: '2-digit' });
const day = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'long' });

/** In the viewer's own zone: the time alone today, the day with it before. */
export function localTime(at: number, now = Date.now()): string {
  const isToday = new Date(at).toDateString() === new Date(now).toDateString();
  return isToday ? time.format(at) : `${day.format(at)}, ${time.format(at)}`;
}

export const utcTime = (at: number): string =>
  `${new Date(at).toISOString().replace('T', ' ').slice(0, 23)} UTC`;
export const fullTime = (at: number): string => full.format(at);
