/** Where rows will be, so that nothing moves once they are there. */
export function Skeleton({
  label,
  rows = 6,
  height = 44,
}: {
  readonly label: string;
  readonly rows?: number;
  readonly height?: number;
}) {
  return (
    <div className="skeleton" role="status" aria-label={label}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="skeleton-row" style={{ height }} />
      ))}
    </div>
  );
}
