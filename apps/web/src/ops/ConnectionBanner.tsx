import { useEffect } from 'react';
import { connection, dismissMissed } from '../api/connection.js';
import { useStore } from '../browser/store.js';
import { count, duration } from '../format/numbers.js';
import { useNow } from '../ui/now.js';
import { Badge, Time } from '../ui/parts.js';
import { navigate } from '../browser/router.js';

const MISSED_SHOWN_MS = 30_000;

/** Says that what is shown is old, and, once it is not any more, what came meanwhile. */
export function ConnectionBanner() {
  const state = useStore(connection);
  const now = useNow();
  const missed = state.status === 'live' ? state.missed : null;
  useEffect(() => {
    if (missed === null) return undefined;
    const timer = setTimeout(dismissMissed, MISSED_SHOWN_MS);
    return () => clearTimeout(timer);
  }, [missed]);
  if (state.status === 'lost') {
    return (
      <div className="banner" data-tone="bad" role="alert">
        The connection is gone since <Time at={state.since} />: what you see is{' '}
        {duration(Math.max(0, now - state.since) / 1000)} old. It is tried again by itself.
      </div>
    );
  }
  if (missed === null) return null;
  const events = missed.to - missed.from;
  return (
    <div className="banner" data-tone="good" role="status">
      <span>
        Connected again after {duration(missed.seconds)}.{' '}
        {events > 0n
          ? `${count(events)} events came meanwhile; this page has them.`
          : 'Nothing came meanwhile.'}
      </span>
      {events > 0n ? (
        <button type="button" onClick={() => navigate(`/ops/log?after=${missed.from}`)}>
          Show them
        </button>
      ) : null}
      <button type="button" onClick={dismissMissed}>
        Good
      </button>
    </div>
  );
}

export function ConnectionState() {
  const { status } = useStore(connection);
  if (status === 'live') return <Badge tone="good">Live</Badge>;
  return status === 'lost' ? <Badge tone="bad">Not connected</Badge> : <Badge tone="busy">Connecting</Badge>;
}
