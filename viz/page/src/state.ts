// SPDX-License-Identifier: GPL-3.0-or-later
// What is picked: one place, every view listens. -1 = nothing.

export interface Selection {
  day: number;
  route: number;
  site: number;
  point: number;
}

type Listener = (now: Selection, before: Selection) => void;

export class Store {
  private now: Selection;
  private listeners: Listener[] = [];

  constructor(first: Selection) {
    this.now = first;
  }

  get(): Selection {
    return this.now;
  }

  listen(listener: Listener): void {
    this.listeners.push(listener);
  }

  set(change: Partial<Selection>): void {
    const before = this.now;
    this.now = { ...before, ...change };
    const keys = Object.keys(this.now) as (keyof Selection)[];
    if (keys.every((k) => this.now[k] === before[k])) return;
    for (const listener of this.listeners) listener(this.now, before);
  }
}
