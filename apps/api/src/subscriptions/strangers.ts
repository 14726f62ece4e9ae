export interface StrangerLimits {
  /** Sockets whose clients have not said who they are. */
  readonly strangersMax: number;
  /** Of one network address. */
  readonly strangersPerNetworkMax: number;
}

/** Places of sockets whose clients have not said yet who they are: whoever says nothing takes none of those of people. */
export class Strangers {
  readonly #byNetwork = new Map<string, number>();
  #all = 0;

  constructor(private readonly limits: StrangerLimits) {}

  /** What gives the place back, however often it is called; null where there is none. */
  take(network: string): (() => void) | null {
    const { strangersMax, strangersPerNetworkMax } = this.limits;
    const ofNetwork = this.#byNetwork.get(network) ?? 0;
    if (this.#all >= strangersMax || ofNetwork >= strangersPerNetworkMax) return null;
    this.#count(network, 1);
    let isTaken = true;
    return () => {
      if (isTaken) this.#count(network, -1);
      isTaken = false;
    };
  }

  #count(network: string, more: number): void {
    this.#all += more;
    const count = (this.#byNetwork.get(network) ?? 0) + more;
    if (count === 0) this.#byNetwork.delete(network);
    else this.#byNetwork.set(network, count);
  }
}
