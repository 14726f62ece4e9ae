import { useNumbers, useWords } from '../messages/language.js';
import { pulse } from '../news/pulse.js';
import { useStore } from '../browser/store.js';
import { Badge } from '../ui/parts.js';

/** How new the answers are: the newest block, and the newest that is final. */
export function Freshness() {
  const { lostSince, meta } = useStore(pulse);
  const { trust } = useWords();
  const numbers = useNumbers();
  if (lostSince !== null) return <Badge tone="bad">{trust.offline}</Badge>;
  if (meta === null) return <Badge tone="busy">{trust.connecting}</Badge>;
  const block = (number: number | null): string => (number === null ? '—' : numbers.exact(String(number)));
  return (
    <div className="freshness" title={trust.finalBlock(block(meta.finalizedBlock ?? null))}>
      <Badge tone="good">{trust.live}</Badge>
      <small>
        {trust.block} {block(meta.indexedBlock ?? null)}
      </small>
    </div>
  );
}
