/** Does it after a while, unless what it returns is called before. */
export type Later = (act: () => void) => () => void;

export function after(milliseconds: number): Later {
  return (act) => {
    const timer = setTimeout(act, milliseconds);
    return () => clearTimeout(timer);
  };
}
