import { useStore } from '../browser/store.js';
import { duration } from '../format/numbers.js';
import { useWords } from '../messages/language.js';
import { forgetRetraction, type Meta, pulse } from '../news/pulse.js';
import { useNow } from '../ui/now.js';
import { Time } from '../ui/parts.js';

/** From when on a delay is told: longer than a busy moment. */
const LATE = { lagSeconds: 10, contactSeconds: 60 };

/** Says where what is shown is old, or may be wrong, and what the chain took back. */
export function TrustBanner() {
  const { lostSince, meta, retracted } = useStore(pulse);
  const { trust } = useWords();
  const now = useNow();
  if (lostSince !== null)
    return (
      <div className="banner" data-tone="bad" role="alert">
        <span>
          {trust.lost} <Time at={lostSince} /> ({duration(Math.max(0, now - lostSince) / 1000)}).{' '}
          {trust.retried}
        </span>
      </div>
    );
  const late = meta === null ? null : lateness(meta);
  return (
    <>
      {retracted === null ? null : (
        <div className="banner" data-tone="warn" role="status">
          <span>{trust.retracted(retracted.fromBlock, retracted.toBlock)}</span>
          <button type="button" onClick={forgetRetraction}>
            {trust.understood}
          </button>
        </div>
      )}
      {late === null ? null : (
        <div className="banner" data-tone="warn" role="status">
          <span>{late === 'drift' ? trust.drift : trust.late(duration(late))}</span>
        </div>
      )}
    </>
  );
}

/** For how long the answers have been behind, in seconds; null where they are as new as can be. */
export function lateness({ chainContactSeconds, drift, lagSeconds }: Meta): number | 'drift' | null {
  if (lagSeconds > LATE.lagSeconds) return lagSeconds;
  if ((chainContactSeconds ?? 0) > LATE.contactSeconds) return chainContactSeconds ?? 0;
  return drift === true ? 'drift' : null;
}
