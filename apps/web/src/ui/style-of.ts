/** The value of one of the design's properties, as it is now. */
export const styleOf = (name: string): string =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim();
