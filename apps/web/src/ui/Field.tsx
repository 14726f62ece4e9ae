import { type ReactNode, useId } from 'react';

export interface FieldAttributes {
  readonly id: string;
  readonly 'aria-describedby': string;
  readonly 'aria-invalid': boolean;
}

/** A field with its name, what it is for, and what is wrong with it. */
export function Field({
  label,
  about,
  problem,
  children,
}: {
  readonly label: string;
  readonly about?: ReactNode;
  /** Null: nothing. */
  readonly problem: string | null;
  readonly children: (attributes: FieldAttributes) => ReactNode;
}) {
  const id = useId();
  return (
    <div className="field" data-bad={problem !== null}>
      <label htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-about`, 'aria-invalid': problem !== null })}
      <p id={`${id}-about`} className={problem === null ? 'field-about' : 'field-problem'}>
        {problem ?? about}
      </p>
    </div>
  );
}
