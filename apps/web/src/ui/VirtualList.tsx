import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';

export interface VirtualListProps<Row> {
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowHeight: number;
  readonly label: string;
  readonly selected: string | null;
  readonly onSelect: (row: Row) => void;
  /** Near the last row. */
  readonly onEnd?: () => void;
  readonly children: (row: Row) => ReactNode;
}

const NEAR_END = 10;
const STEPS: Readonly<Record<string, number>> = {
  ArrowDown: 1,
  j: 1,
  ArrowUp: -1,
  k: -1,
  PageDown: 10,
  PageUp: -10,
};

/** A list of any length of which only what is seen is drawn; arrows, j and k go through it. */
export function VirtualList<Row>(props: VirtualListProps<Row>) {
  const { children, keyOf, label, onEnd, onSelect, rowHeight, rows, selected } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - NEAR_END) onEnd?.();
  }, [last, onEnd, rows.length]);
  const at = rows.findIndex((row) => keyOf(row) === selected);
  const go = (index: number): void => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (row === undefined) return;
    onSelect(row);
    virtual.scrollToIndex(rows.indexOf(row));
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    const step = STEPS[event.key];
    if (step !== undefined) go(at + step);
    else if (event.key === 'Home') go(0);
    else if (event.key === 'End') go(rows.length - 1);
    else return;
    event.preventDefault();
  };
  return (
    <div
      ref={scroller}
      className="list"
      role="listbox"
      aria-label={label}
      tabIndex={0}
      onKeyDown={onKeyDown}
      aria-activedescendant={at < 0 ? undefined : `row-${at}`}
    >
      <div className="list-whole" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          return (
            <div
              key={keyOf(row)}
              id={`row-${index}`}
              role="option"
              aria-selected={index === at}
              className="list-row"
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              onClick={() => onSelect(row)}
            >
              {children(row)}
            </div>
          );
        })}
      </div>
    </div>
  );
}
