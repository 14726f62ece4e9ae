/** Everything that was reached through a dead instance fails like this. */
export class Killed extends Error {
  constructor() {
    super('the process was killed');
  }
}

/**
 * The outside of a process that dies at one of its calls, as by SIGKILL: either the call never happens or its answer never
 * arrives, and no later call happens at all.
 */
export class Mortality {
  calls = 0;
  dead = false;

  constructor(
    private readonly deathAt: number,
    private readonly when: 'before' | 'after',
    private readonly onDeath: () => void = () => undefined,
  ) {}

  /** The same object, its named methods counted: they are the steps to die at. */
  count<Target extends object>(target: Target, methods: readonly (keyof Target)[]): Target {
    return this.wrap(target, methods, (method) => this.call(method));
  }

  /** The same object, its named methods out of reach after death. */
  bury<Target extends object>(target: Target, methods: readonly (keyof Target)[]): Target {
    return this.wrap(target, methods, async (method) => {
      if (this.dead) throw new Killed();
      return method();
    });
  }

  private wrap<Target extends object>(
    target: Target,
    methods: readonly (keyof Target)[],
    around: (method: () => unknown) => Promise<unknown>,
  ): Target {
    const wrapped = new Set<PropertyKey>(methods);
    return new Proxy(target, {
      get: (object, name) => {
        const value: unknown = Reflect.get(object, name, object);
        if (typeof value !== 'function') return value;
        const method = value.bind(object) as (...args: unknown[]) => unknown;
        return wrapped.has(name) ? (...args: unknown[]) => around(() => method(...args)) : method;
      },
    });
  }

  private async call(method: () => unknown): Promise<unknown> {
    if (this.dead) throw new Killed();
    this.calls += 1;
    const last = this.calls === this.deathAt;
    if (last && this.when === 'before') return this.die();
    const result = await method();
    return last ? this.die() : result;
  }

  private die(): never {
    this.dead = true;
    this.onDeath();
    throw new Killed();
  }
}
