// SPDX-License-Identifier: GPL-3.0-or-later
// What every view is given.

import type { Plan } from "./data";
import type { Store } from "./state";

export interface App {
  plan: Plan;
  store: Store;
}

/** A view draws once into its element and again after a change of language. */
export interface View {
  /** Draw everything anew (first time, language). */
  draw(): void;
  /** The place on the page has a new size. */
  resize?(): void;
}

/** Draws a view when it comes near the screen, once; before printing all of them. */
export class Lazy {
  private waiting = new Map<Element, View>();
  private drawn = new Set<View>();
  private observer: IntersectionObserver;

  constructor() {
    this.observer = new IntersectionObserver(
      (entries) => {
        for (const e of entries) if (e.isIntersecting) this.show(e.target);
      },
      { rootMargin: "300px" },
    );
  }

  add(el: Element, view: View): void {
    this.waiting.set(el, view);
    this.observer.observe(el);
  }

  private show(el: Element): void {
    const view = this.waiting.get(el);
    if (!view) return;
    this.waiting.delete(el);
    this.observer.unobserve(el);
    this.drawn.add(view);
    view.draw();
  }

  isDrawn(view: View): boolean {
    return this.drawn.has(view);
  }

  all(): void {
    for (const el of [...this.waiting.keys()]) this.show(el);
  }

  redraw(): void {
    for (const view of this.drawn) view.draw();
  }

  resize(): void {
    for (const view of this.drawn) view.resize?.();
  }
}
