/**
 * The misfire guard: for a moment after something changed on the card, nothing decides. A press counts from when it
 * began, so that a button pressed on the old content and let go on the new one does not decide either.
 */
export const QUIET_MILLISECONDS = 400;

export class Guard {
  private changedAt: number;
  private pressedAt = Number.POSITIVE_INFINITY;
  private repeated = false;

  constructor(now: number) {
    this.changedAt = now;
  }

  /** The card's content or state is another one from `now` on. */
  changed(now: number): void {
    this.changedAt = now;
  }

  /** A pointer or key went down. */
  pressed(now: number, repeated = false): void {
    this.pressedAt = now;
    this.repeated = repeated;
  }

  /** Whether a decision that a person makes `now` may count. */
  allows(now: number): boolean {
    const began = Math.min(now, this.pressedAt);
    const allowed = !this.repeated && began - this.changedAt >= QUIET_MILLISECONDS;
    this.pressedAt = Number.POSITIVE_INFINITY;
    return allowed;
  }

  quiet(now: number): boolean {
    return now - this.changedAt < QUIET_MILLISECONDS;
  }
}
