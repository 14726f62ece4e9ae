import type { ReactNode } from 'react';

const PATHS = {
  way: <path d="M3 12h4m10 0h4M7 8h10v8H7zM5 5l2 3m10 0 2-3" />,
  projections: <path d="M4 7l8-4 8 4-8 4zM4 12l8 4 8-4M4 17l8 4 8-4" />,
  parked: (
    <path d="M12 8v5m0 3v.01M10.3 3.9 2.4 17.5A2 2 0 0 0 4.1 20.5h15.8a2 2 0 0 0 1.7-3L13.7 3.9a2 2 0 0 0-3.4 0z" />
  ),
  chain: (
    <path d="M9 15l6-6M10.5 6.5l1.6-1.6a4.6 4.6 0 0 1 6.5 6.5L17 13m-3.5 4.5-1.6 1.6a4.6 4.6 0 0 1-6.5-6.5L7 11" />
  ),
  log: <path d="M5 4h14M5 9h14M5 14h9M5 19h6" />,
  acts: <path d="M12 3l8 3v6c0 4.5-3.3 7.7-8 9-4.7-1.3-8-4.5-8-9V6zM8.5 12l2.5 2.5 4.5-5" />,
  sun: (
    <path d="M12 4V2m0 20v-2m8-8h2M2 12h2m13.7-5.7 1.4-1.4M4.9 19.1l1.4-1.4m0-11.4L4.9 4.9m14.2 14.2-1.4-1.4M16 12a4 4 0 1 1-8 0 4 4 0 0 1 8 0z" />
  ),
  moon: <path d="M20 14.5A8 8 0 0 1 9.5 4a8 8 0 1 0 10.5 10.5z" />,
  system: <path d="M4 5h16v11H4zM9 20h6m-3-4v4" />,
  out: <path d="M14 4h5v16h-5M10 8l-4 4 4 4m-4-4h10" />,
  keys: <path d="M3 6h18v12H3zM7 10h.01M11 10h.01M15 10h.01M8 14h8" />,
  arrow: <path d="M5 12h14m-5-5 5 5-5 5" />,
  close: <path d="M6 6l12 12M18 6 6 18" />,
  check: <path d="M5 12.5l4.5 4.5L19 7.5" />,
  filter: <path d="M4 5h16l-6 8v6l-4-2v-4z" />,
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof PATHS;

/** Says nothing by itself: words stand beside it. */
export function Icon({ name, size = 18 }: { readonly name: IconName; readonly size?: number }) {
  return (
    <svg
      className="icon"
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.7"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {PATHS[name]}
    </svg>
  );
}
