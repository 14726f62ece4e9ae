import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef, useState } from 'react';

export interface Column<Row> {
  readonly name: string;
  readonly label: ReactNode;
  readonly isNumber?: boolean;
  readonly cell: (row: Row, index: number) => ReactNode;
}

export interface RowTableProps<Row> {
  readonly label: string;
  /** By which its columns are given their widths: a class of the style sheet. */
  readonly layout: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  readonly rowHeight: number;
  /** Near the last row. */
  readonly onEnd?: () => void;
}

const NEAR_END = 12;
const NARROW = '(max-width: 760px)';
/** On a narrow page a row has a second line. */
const NARROW_HEIGHT = 64;

/** A table of any length in the page's own scrolling, of which only what is seen is drawn. */
export function RowTable<Row>(props: RowTableProps<Row>) {
  const { columns, keyOf, label, layout, onEnd, rows } = props;
  const body = useRef<HTMLDivElement>(null);
  const isNarrow = useIsNarrow();
  const rowHeight = isNarrow ? Math.max(NARROW_HEIGHT, props.rowHeight) : props.rowHeight;
  const virtual = useWindowVirtualizer({
    count: rows.length,
    estimateSize: () => rowHeight,
    overscan: 8,
    scrollMargin: body.current?.offsetTop ?? 0,
  });
  useEffect(() => virtual.measure(), [rowHeight, virtual]);
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (rows.length > 0 && last >= rows.length - NEAR_END) onEnd?.();
  }, [last, onEnd, rows.length]);
  return (
    <div className={`rows ${layout}`} role="table" aria-label={label} aria-rowcount={rows.length + 1}>
      <div role="rowgroup" className="rows-head">
        <div role="row" className="row" aria-rowindex={1}>
          {columns.map((column) => (
            <span key={column.name} role="columnheader" data-column={column.name} className={classOf(column)}>
              {column.label}
            </span>
          ))}
        </div>
      </div>
      <div ref={body} role="rowgroup" className="rows-body" style={{ height: virtual.getTotalSize() }}>
        {items.map(({ index, start }) => {
          const row = rows[index];
          if (row === undefined) return null;
          const top = start - virtual.options.scrollMargin;
          return (
            <div
              key={keyOf(row)}
              role="row"
              aria-rowindex={index + 2}
              className="row"
              style={{ height: rowHeight, transform: `translateY(${top}px)` }}
            >
              {columns.map((column) => (
                <span key={column.name} role="cell" data-column={column.name} className={classOf(column)}>
                  {column.cell(row, index)}
                </span>
              ))}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const classOf = <Row,>({ isNumber = false }: Column<Row>): string => (isNumber ? 'cell number' : 'cell');

function useIsNarrow(): boolean {
  const [isNarrow, set] = useState(() => matchMedia(NARROW).matches);
  useEffect(() => {
    const query = matchMedia(NARROW);
    const onChange = (): void => set(query.matches);
    query.addEventListener('change', onChange);
    return () => query.removeEventListener('change', onChange);
  }, []);
  return isNarrow;
}
