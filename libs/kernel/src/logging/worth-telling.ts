/**
 * Whether what happens again and again is told this time, counted from 1: the first time and then ever more seldom, at each power of
 * two. What is out of reach for hours is tried again every few seconds, and must not fill a disk with saying so.
 */
export const isWorthTelling = (times: number): boolean => Number.isInteger(Math.log2(times));
